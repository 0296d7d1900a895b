/**
 * One value that this browser wants the hub to have: sent at once or after a pause, and again until it is taken; the latest counts.
 * One at a time is on its way: on two connections the older one might arrive last.
 */

/** `refused`: the hub will not take it, however often it is sent. */
export type WishAnswer = 'taken' | 'refused' | 'failed';

/** A wish that is not taken yet, where it survives a reload of the page; null: there is none. */
export interface KeptWish<Value> {
  read(): { readonly value: Value } | null;
  write(wanted: { readonly value: Value } | null): void;
}

export interface WishPorts<Value> {
  readonly kept: KeptWish<Value>;
  send(value: Value): Promise<WishAnswer>;
  /** The hub has answered about the latest value. */
  settled(answer: Exclude<WishAnswer, 'failed'>): void;
  /** Runs once later; answers how to call it off. */
  later(run: () => void, ms: number): () => void;
}

export const RETRY_MS = 2_000;

export class Wish<Value> {
  readonly #ports: WishPorts<Value>;
  #wanted: { readonly value: Value } | null = null;
  #callOff: () => void = () => undefined;
  #sending: Promise<void> | null = null;

  constructor(ports: WishPorts<Value>) {
    this.#ports = ports;
  }

  get isOpen(): boolean {
    return this.#wanted !== null;
  }

  want(value: Value, afterMs = 0): void {
    this.#wanted = { value };
    this.#ports.kept.write(this.#wanted);
    if (afterMs === 0) void this.send();
    else this.#sendLater(afterMs);
  }

  /** Now, or as soon as the hub has answered about the one before; nothing when the hub has it all. */
  async send(): Promise<void> {
    this.#callOff();
    const sending = this.#sending === null ? this.#sendNow() : this.#sending.then(() => this.#sendNow());
    this.#sending = sending;
    await sending;
    if (this.#sending === sending) this.#sending = null;
  }

  async #sendNow(): Promise<void> {
    const wanted = this.#wanted;
    if (wanted === null) return;
    const answer = await this.#ports.send(wanted.value);
    // Meanwhile another may have been wanted; then that one is next, or comes after its pause.
    if (this.#wanted !== wanted) return;
    if (answer === 'failed') {
      this.#sendLater(RETRY_MS);
      return;
    }
    this.#wanted = null;
    this.#ports.kept.write(null);
    this.#ports.settled(answer);
  }

  #sendLater(ms: number): void {
    this.#callOff();
    this.#callOff = this.#ports.later(() => void this.send(), ms);
  }
}
