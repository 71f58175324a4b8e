/**
 * Hands out the items of an iterable one by one to several takers. The source is asked for the next item only when a
 * taker wants it, never twice at the same time, and never waited for once the signal has fired.
 */
export class Feed<T> {
  private readonly iterator: Iterator<T> | AsyncIterator<T>;
  private readonly signal: AbortSignal;
  private readonly aborted: Promise<null>;
  private turn: Promise<unknown> = Promise.resolve();
  private exhausted = false;

  constructor(source: Iterable<T> | AsyncIterable<T>, signal: AbortSignal) {
    this.iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.signal = signal;
    this.aborted = new Promise((resolve) => {
      if (signal.aborted) resolve(null);
      else signal.addEventListener("abort", () => resolve(null), { once: true });
    });
  }

  /** The next item, or null when there is none or the signal has fired. Rejects with what the source throws, once. */
  take(): Promise<{ item: T } | null> {
    const mine = this.turn.then(() => this.pull());
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Tells a source that was not read to its end that nobody will. */
  release(): void {
    if (this.exhausted) return;
    this.exhausted = true;
    // A generator that is suspended in an await answers only after it; what it says then concerns nobody.
    Promise.resolve(this.iterator.return?.()).catch(() => undefined);
  }

  private async pull(): Promise<{ item: T } | null> {
    if (this.exhausted || this.signal.aborted) return null;
    let step: IteratorResult<T> | null;
    try {
      step = await Promise.race([this.iterator.next(), this.aborted]);
    } catch (error) {
      this.exhausted = true;
      throw error;
    }
    if (step === null) return null;
    if (step.done) {
      this.exhausted = true;
      return null;
    }
    return { item: step.value };
  }
}
