import { fromFieldText, recallChoices, toFieldText } from '../../../src/web/desk/recall-choices.ts';

/** Of a browser that stands where the tests run. */
const at = (text: string) => new Date(text);
const choicesAt = (text: string) => recallChoices(at(text)).map((choice) => `${choice.name} ${toFieldText(choice.at)}`);

test('on a working morning: soon, this evening, tomorrow, and at the start of next week', () => {
  expect(choicesAt('2026-11-25T10:02')).toEqual([
    'in30 2026-11-25T10:35',
    'in60 2026-11-25T11:05',
    'today17 2026-11-25T17:00',
    'tomorrow10 2026-11-26T10:00',
    'tomorrow14 2026-11-26T14:00',
    'monday10 2026-11-30T10:00',
  ]);
});

test('this evening is not offered when it is over, or as good as here', () => {
  expect(choicesAt('2026-11-25T16:00').some((choice) => choice.startsWith('today17'))).toBe(false);
  expect(choicesAt('2026-11-25T15:54').some((choice) => choice.startsWith('today17'))).toBe(true);
});

test('no moment is offered under two names', () => {
  const choices = choicesAt('2026-11-25T15:57').filter((choice) => choice.endsWith(' 2026-11-25T17:00'));
  expect(choices).toEqual(['in60 2026-11-25T17:00']);
});

test.each([
  ['late', '2026-11-25T20:31', ['tomorrow10', 'tomorrow14', 'monday10']],
  ['at night', '2026-11-25T02:00', ['today17', 'tomorrow10', 'tomorrow14', 'monday10']],
  ['just before the last call', '2026-11-25T20:10', ['in30', 'tomorrow10', 'tomorrow14', 'monday10']],
])('nobody is to be called in the middle of the night: %s', (_, now, names) => {
  expect(recallChoices(at(now)).map(({ name }) => name)).toEqual(names);
});

test('on a Sunday tomorrow is the Monday; on a Monday next Monday is in a week', () => {
  expect(choicesAt('2026-11-29T12:00').slice(-2)).toEqual(['tomorrow10 2026-11-30T10:00', 'tomorrow14 2026-11-30T14:00']);
  expect(choicesAt('2026-11-30T12:00').at(-1)).toBe('monday10 2026-12-07T10:00');
});

test('years and months end as calendars do', () => {
  expect(choicesAt('2026-12-31T12:00')).toContain('tomorrow10 2027-01-01T10:00');
});

test('a field that is empty or half filled holds no time', () => {
  expect([fromFieldText(''), fromFieldText('2026-11-'), fromFieldText('2026-11-27T10:00')]).toEqual([
    null,
    null,
    at('2026-11-27T10:00'),
  ]);
});
