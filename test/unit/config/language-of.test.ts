import { languageOf } from '../../../src/config/language-of.ts';

const none = 'no-such-file.env';

test.each([
  ['the setting', { LANGUAGE: 'en', LANG: 'ja_JP.UTF-8' }, 'en'],
  ['the setting, also in an English shell', { LANGUAGE: 'ja', LANG: 'en_US.UTF-8' }, 'ja'],
  ['an English shell', { LANG: 'en_US.UTF-8' }, 'en'],
  ['what counts most in a shell', { LC_ALL: 'ja_JP.UTF-8', LANG: 'en_US.UTF-8' }, 'ja'],
  ['a shell of no language', { LANG: 'C.UTF-8' }, 'ja'],
  ['nothing', {}, 'ja'],
  ['a setting that is wrong itself', { LANGUAGE: 'fr', LANG: 'en_GB.UTF-8' }, 'en'],
])('people are spoken to in the language of %s', (_, environment, language) => {
  expect(languageOf(none, environment)).toBe(language);
});
