import type { KyselyPlugin } from 'kysely';

/** Fails at the given statement and at every one after it, as a killed process does. */
export function deadFrom(statement: number): KyselyPlugin {
  let seen = 0;
  return {
    transformQuery({ node }) {
      seen += 1;
      if (seen >= statement) throw new Error('killed');
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}
