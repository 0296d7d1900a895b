/** What was answered a moment ago, also that nobody is known; bounded in number and age. */
export interface RecentAnswers<Answer> {
  get(key: string): Answer | undefined;
  set(key: string, answer: Answer): void;
}

export function createRecentAnswers<Answer>(
  limits: { readonly most: number; readonly forMs: number },
  now: () => number,
): RecentAnswers<Answer> {
  const answers = new Map<string, { readonly answer: Answer; readonly from: number }>();
  return {
    get(key) {
      const held = answers.get(key);
      if (held === undefined) return undefined;
      answers.delete(key);
      const age = now() - held.from;
      // Given later than now: the clock was put back since, and nobody knows how old it is.
      if (age < 0 || age >= limits.forMs) return undefined;
      answers.set(key, held);
      return held.answer;
    },
    set(key, answer) {
      answers.delete(key);
      answers.set(key, { answer, from: now() });
      const oldest = answers.keys().next();
      if (answers.size > limits.most && oldest.done !== true) answers.delete(oldest.value);
    },
  };
}
