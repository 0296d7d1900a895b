/** Who is looking, and what they were told last: turns "something changed" into one numbered change per operator. */
import type { DeskCall } from './desk-call.ts';
import { type DeskChange, type DeskView, differenceOf, type ViewContent } from './desk-view.ts';

export type DeskListener = (change: DeskChange) => void;

export interface WatchDeps {
  readonly epoch: string;
  readonly now: () => number;
  readonly callsOf: (extension: string) => Iterable<DeskCall>;
  readonly look: (calls: Iterable<DeskCall>, extension: string) => ViewContent;
  /** One operator could not be told; the others are. */
  readonly onFault: (error: unknown) => void;
}

interface Watched {
  readonly listeners: Set<DeskListener>;
  content: ViewContent;
}

export class DeskWatch {
  readonly #deps: WatchDeps;
  readonly #watched = new Map<string, Watched>();
  readonly #revisions = new Map<string, number>();
  /** Changed, and not told yet. */
  readonly #due = new Set<string>();

  constructor(deps: WatchDeps) {
    this.#deps = deps;
  }

  /** Browsers looking on, over all extensions. */
  get listeners(): number {
    let count = 0;
    for (const { listeners } of this.#watched.values()) count += listeners.size;
    return count;
  }

  /** The whole view; for watchers exactly the state after the last change they were told. */
  view(extension: string): DeskView {
    this.#tell(extension);
    const content = this.#watched.get(extension)?.content ?? this.#look(extension);
    return {
      epoch: this.#deps.epoch,
      revision: this.#revisions.get(extension) ?? 0,
      extension,
      serverNow: this.#serverNow(),
      ...content,
    };
  }

  /** Tells `listener` every change from now on; answers how to stop. */
  watch(extension: string, listener: DeskListener): () => void {
    let watched = this.#watched.get(extension);
    if (!watched) {
      watched = { listeners: new Set(), content: this.#look(extension) };
      this.#watched.set(extension, watched);
      // Nobody counted while nobody looked, so an old number must not seem to be up to date.
      this.#revisions.set(extension, (this.#revisions.get(extension) ?? 0) + 1);
    }
    watched.listeners.add(listener);
    const { listeners } = watched;
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#watched.delete(extension);
    };
  }

  /**
   * Something these operators may see has changed. They are told at the end of this turn: a ringing phone comes as dozens of events
   * at once, and each look is dear.
   */
  publish(extensions: Iterable<string>): void {
    const isFirst = this.#due.size === 0;
    for (const extension of extensions) if (this.#watched.has(extension)) this.#due.add(extension);
    if (isFirst && this.#due.size > 0) queueMicrotask(() => this.#tellAll());
  }

  /** Nobody stands above this turn: what is not caught here ends the process. */
  #tellAll(): void {
    for (const extension of [...this.#due]) {
      try {
        this.#tell(extension);
      } catch (error) {
        this.#deps.onFault(error);
      }
    }
  }

  #tell(extension: string): void {
    const watched = this.#watched.get(extension);
    if (!this.#due.delete(extension) || !watched) return;
    const content = this.#look(extension);
    const difference = differenceOf(watched.content, content);
    watched.content = content;
    if (!difference) return;
    const revision = (this.#revisions.get(extension) ?? 0) + 1;
    this.#revisions.set(extension, revision);
    const change = { epoch: this.#deps.epoch, revision, serverNow: this.#serverNow(), ...difference };
    for (const listener of watched.listeners) listener(change);
  }

  #look(extension: string): ViewContent {
    return this.#deps.look(this.#deps.callsOf(extension), extension);
  }

  #serverNow(): string {
    return new Date(this.#deps.now()).toISOString();
  }
}
