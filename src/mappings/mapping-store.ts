import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { checkMappingText } from './check-mapping-file.ts';
import type { Locale } from './locale.ts';
import type { MappingProblem } from './mapping-problem.ts';
import type { Mapping } from './mapping-schema.ts';
import { type Outcome, parseOutcomes } from './outcomes.ts';
import { readSource } from './read-source.ts';

/** A mapping in force, and the content it came from. */
export interface MappingVersion {
  readonly mapping: Mapping;
  readonly file: string;
  /** First 12 hex digits of the content's SHA-256: the same content is the same version. */
  readonly version: string;
}

export interface FileProblems {
  readonly file: string;
  readonly problems: readonly MappingProblem[];
}

export interface MappingStoreSettings {
  readonly directory: string;
  /** Files `<connector>.yaml` are read for these connectors, and `outcomes.yaml` besides. */
  readonly connectors: readonly string[];
  /** Language of what is written into the CRMs. */
  readonly locale: Locale;
  readonly log: (level: 'info' | 'error', message: string, fields: Readonly<Record<string, unknown>>) => void;
}

const outcomesFile = 'outcomes.yaml';

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/**
 * The mappings in force. An edited file replaces the version in force only when nothing is wrong with it; until then the last
 * good one stays, and its problems are logged once for each content. Checks here need no CRM: a CRM that is away must not keep
 * the hub from starting.
 */
export class MappingStore {
  readonly #settings: MappingStoreSettings;
  readonly #inForce = new Map<string, MappingVersion>();
  readonly #seen = new Map<string, string>();
  readonly #problems = new Map<string, readonly MappingProblem[]>();
  readonly #listeners = new Set<() => void>();
  #outcomes: readonly Outcome[] = [];
  #reloading: Promise<void> = Promise.resolve();

  private constructor(settings: MappingStoreSettings) {
    this.#settings = settings;
  }

  /** Reads the directory. Files with problems are not in force; see `problems`. @throws when the directory cannot be read */
  static async open(settings: MappingStoreSettings): Promise<MappingStore> {
    await readdir(settings.directory);
    const store = new MappingStore(settings);
    await store.reload();
    for (const connector of settings.connectors.filter((name) => !store.#seen.has(`${name}.yaml`))) {
      settings.log('error', 'there is no mapping file for this connector; nothing is written to it', {
        connector,
        file: `${connector}.yaml`,
      });
    }
    return store;
  }

  /** The version in force for a connector; null when no good one was ever read. */
  current(connector: string): MappingVersion | null {
    return this.#inForce.get(connector) ?? null;
  }

  outcomes(): readonly Outcome[] {
    return this.#outcomes;
  }

  /** What is wrong with the files as they are now, whatever is in force. */
  problems(): readonly FileProblems[] {
    return [...this.#problems].map(([file, problems]) => ({ file, problems }));
  }

  /** Tells when something new is in force. Returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads the files again; one reading at a time. Content that was seen already is not read twice. */
  reload(): Promise<void> {
    const next = this.#reloading.then(() => this.#reload());
    this.#reloading = next.catch(() => undefined);
    return next;
  }

  async #reload(): Promise<void> {
    const outcomesChanged = await this.#reloadOutcomes();
    let changed = outcomesChanged;
    for (const connector of this.#settings.connectors) {
      changed = (await this.#reloadMapping(connector, outcomesChanged)) || changed;
    }
    if (changed) for (const listener of this.#listeners) listener();
  }

  /** New content of a file, or null when it is gone or was seen. */
  async #newText(file: string, anyway: boolean): Promise<{ text: string; version: string } | null> {
    const text = await readSource(path.join(this.#settings.directory, file));
    if (text === null) {
      if (this.#seen.delete(file))
        this.#settings.log('error', 'mapping file is gone; its last good version stays in force', { file });
      return null;
    }
    const version = versionOf(text);
    if (this.#seen.get(file) === version && !anyway) return null;
    this.#seen.set(file, version);
    return { text, version };
  }

  async #reloadOutcomes(): Promise<boolean> {
    const fresh = await this.#newText(outcomesFile, false);
    if (fresh === null) return false;
    const { outcomes, problems } = parseOutcomes(fresh.text);
    if (!this.#accept(outcomesFile, fresh.version, problems) || outcomes === null) return false;
    this.#outcomes = outcomes;
    return true;
  }

  async #reloadMapping(connector: string, anyway: boolean): Promise<boolean> {
    const file = `${connector}.yaml`;
    const fresh = await this.#newText(file, anyway);
    if (fresh === null) return false;
    const against = { descriptions: new Map(), outcomes: this.#outcomes, locale: this.#settings.locale };
    const { mapping, problems } = checkMappingText(fresh.text, against);
    if (!this.#accept(file, fresh.version, problems) || mapping === null) return false;
    this.#inForce.set(connector, { mapping, file, version: fresh.version });
    return true;
  }

  #accept(file: string, version: string, problems: readonly MappingProblem[]): boolean {
    if (problems.length === 0) {
      this.#problems.delete(file);
      this.#settings.log('info', 'mapping in force', { file, version });
      return true;
    }
    this.#problems.set(file, problems);
    const told = problems.map(
      ({ path: place, line, message, remedy }) => `${place}${line === null ? '' : ` (line ${line})`}: ${message.en} ${remedy.en}`,
    );
    this.#settings.log('error', 'mapping file has problems; the last good version stays in force', {
      file,
      version,
      problems: told,
    });
    return false;
  }
}
