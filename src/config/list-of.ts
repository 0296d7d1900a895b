/** The entries of a setting that is a list separated by commas. */
export function listOf(text = ''): readonly string[] {
  return text.split(',').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()]));
}
