/** What a test opens, closed after it: the last first. For a suite's top level, since it hangs itself on `afterEach`. */
export function createReleases(): (...opened: (() => Promise<unknown>)[]) => void {
  let releases: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const release of releases.reverse()) await release();
    releases = [];
  });
  return (...opened) => void releases.push(...opened);
}

/** A case that an implementation may leave out with a reason. */
export function unlessExempt(reason: string | undefined, sentence: string, body: () => Promise<void>): void {
  if (reason === undefined) test(sentence, body);
}
