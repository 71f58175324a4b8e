import { SingleBar } from "cli-progress";

export interface Tick {
  done: number;
  total: number;
  /** Frames per second, and seconds left; null while unknown. */
  rate: number | null;
  eta: number | null;
}

const EVERY = 5000;

/** A bar on a terminal; elsewhere one line every five seconds. Always on stderr, so that results stay clean. */
export class ProgressLine {
  readonly #bar: SingleBar | null;
  readonly #quiet: boolean;
  #nextLine: number;
  #started = false;

  constructor(quiet: boolean, now: number) {
    this.#quiet = quiet;
    this.#nextLine = now + EVERY;
    this.#bar =
      !quiet && process.stderr.isTTY
        ? new SingleBar({
            format: "{bar} {value}/{total}  {pace}",
            stream: process.stderr,
            hideCursor: true,
            clearOnComplete: true,
            fps: 8,
          })
        : null;
  }

  tick(tick: Tick, now: number): void {
    if (this.#quiet) return;
    const pace = paceText(tick);
    if (this.#bar) {
      if (!this.#started) this.#bar.start(tick.total, tick.done, { pace });
      else this.#bar.update(tick.done, { pace });
      this.#started = true;
    } else if (now >= this.#nextLine) {
      this.#nextLine = now + EVERY;
      process.stderr.write(`${tick.done}/${tick.total}  ${pace}\n`);
    }
  }

  end(): void {
    if (this.#started) this.#bar?.stop();
  }
}

function paceText({ rate, eta }: Tick): string {
  if (rate === null) return "";
  const speed = rate >= 1.5 ? `${rate.toFixed(1)} frames/s` : `${(rate * 60).toFixed(0)} frames/min`;
  return eta === null ? speed : `${speed}, ${eta < 90 ? `${Math.ceil(eta)} s` : `${Math.ceil(eta / 60)} min`} left`;
}
