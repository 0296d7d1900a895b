/** What was answered a moment ago, also that nobody is known; bounded in number and age. */
export interface RecentAnswers<Answer> {
  get(key: string): Answer | undefined;
  set(key: string, answer: Answer): void;
}

export function createRecentAnswers<Answer>(
  limits: { readonly most: number; readonly forMs: number },
  now: () => number,
): RecentAnswers<Answer> {
  const answers = new Map<string, { readonly answer: Answer; readonly until: number }>();
  return {
    get(key) {
      const held = answers.get(key);
      if (held === undefined) return undefined;
      answers.delete(key);
      if (held.until <= now()) return undefined;
      answers.set(key, held);
      return held.answer;
    },
    set(key, answer) {
      answers.delete(key);
      answers.set(key, { answer, until: now() + limits.forMs });
      const oldest = answers.keys().next();
      if (answers.size > limits.most && oldest.done !== true) answers.delete(oldest.value);
    },
  };
}
