/** Versions of the API the org serves: three a year, one per release. Pure. */

export const OLDEST_VERSION = 31;
export const NEWEST_VERSION = 68;

/** Version 31.0 came with Summer '14. */
const FIRST_YEAR = 14;
const SEASONS = ['Summer', 'Winter', 'Spring'] as const;

/** `GET /services/data`, the oldest first. */
export const servedVersions: readonly object[] = Array.from({ length: NEWEST_VERSION - OLDEST_VERSION + 1 }, (_, index) => {
  const version = `${OLDEST_VERSION + index}.0`;
  return { label: releaseOf(index), url: `/services/data/v${version}`, version };
});

/** Winter belongs to the year that follows. */
function releaseOf(index: number): string {
  const season = SEASONS[index % SEASONS.length] ?? '';
  const year = FIRST_YEAR + Math.floor(index / SEASONS.length) + (season === 'Summer' ? 0 : 1);
  return `${season} '${year}`;
}
