import { type MessagePort, parentPort } from "node:worker_threads";
import { NebuliftError, toNebuliftError } from "../../../shared/errors.ts";
import type { Answers, Question, Reply, Request } from "./judge-protocol.ts";
import { NightJudge } from "./night-judge.ts";

/** Rows that are handed over at once: taking them in is a matter of a few milliseconds. */
const PORTION = 60;

/** The program of the thread that judges an open night; night/live/judging-thread.ts starts it. */
function serve(port: MessagePort): void {
  const judge = new NightJudge(() => performance.now());
  const say = (reply: Reply): void => port.postMessage(reply);
  let taken = (): void => undefined;

  /** All but the last portion go ahead of the answer, each once the one before was taken. */
  const answer = async (id: number, question: Question): Promise<Answers[keyof Answers]> => {
    if (question.kind === "try") return judge.try(question);
    if (question.kind === "evidence") return judge.evidence(question.file);
    const news = judge.judge(question);
    let from = 0;
    for (; news.rows.length - from > PORTION; from += PORTION) {
      const wanted = new Promise<void>((resolve) => {
        taken = resolve;
      });
      say({ type: "rows", id, rows: news.rows.slice(from, from + PORTION) });
      await wanted;
    }
    return { ...news, rows: news.rows.slice(from) };
  };

  port.on("message", (request: Request) => {
    if (request.type === "frames") judge.take(request.frames, request.gone);
    else if (request.type === "go-on") taken();
    else {
      const { id, question } = request;
      void answer(id, question).then(
        (known) => say({ type: "answer", id, answer: known }),
        (error: unknown) => say({ type: "failed", id, error: toNebuliftError(error).toEnvelope() }),
      );
    }
  });
}

if (parentPort === null) throw new NebuliftError("internal", "the judging thread was started outside an open night");
serve(parentPort);
