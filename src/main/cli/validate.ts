import { type Check, checkInstallation } from "../installation.ts";
import { APP_VERSION } from "../services.ts";
import type { AddCommands } from "./command-line.ts";
import { EXIT } from "./outcome.ts";
import { workerUrl } from "./services-for-cli.ts";
import { printable } from "./tables.ts";

/** `validate`: one line for everything that grading rests on. */
export const addValidateCommand: AddCommands = ({ program, exitWith, signal }) => {
  program
    .command("validate")
    .description("check this installation")
    .option("--json", "one JSON document and nothing else")
    .addHelpText("after", "\nExample: nebulift validate")
    .action(async (options: { json?: boolean }) => {
      const checks: Check[] = [];
      for await (const check of checkInstallation({ workerUrl: workerUrl(), environment: process.env, signal })) {
        checks.push(check);
        if (!options.json) process.stdout.write(`${line(check)}\n`);
      }
      const bad = checks.filter(({ ok }) => !ok).length;
      if (options.json) process.stdout.write(`${JSON.stringify({ schema: 1, app: APP_VERSION, ok: bad === 0, checks }, null, 1)}\n`);
      else process.stdout.write(bad === 0 ? "\nAll is well.\n" : `\n${bad} of ${checks.length} need attention.\n`);
      exitWith(bad === 0 ? EXIT.done : EXIT.someFailed);
    });
};

function line({ name, ok, detail, action }: Check): string {
  const first = `${ok ? "ok  " : "BAD "} ${name.padEnd(30)} ${printable(detail)}`;
  return action === null ? first : `${first}\n     ${action}`;
}
