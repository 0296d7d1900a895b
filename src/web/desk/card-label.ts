import { useTranslation } from 'react-i18next';
import type { CardLine } from '../../callers/caller-match.ts';

/** What a line of a customer's card is called, in the reader's language where the mapping has a word for it. */
export function useCardLabel(): (line: CardLine) => string {
  const { i18n } = useTranslation();
  const language = i18n.language === 'ja' ? 'ja' : 'en';
  return ({ label, labels }) => labels?.[language] ?? label;
}
