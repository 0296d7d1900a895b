/** Every key of the desk on one sheet. */
import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import css from './key-overlay.module.css';

const LINES = [
  ['choose', '1 – 9'],
  ['outcome', '1 – 9 …', 'Alt + 1 – 9 …'],
  ['notes', 'N'],
  ['leave', 'Esc'],
  ['done', 'Ctrl / ⌘ + Enter'],
  ['undo', 'U'],
  ['followUp', 'F'],
  ['open', 'O'],
  ['move', 'K', 'J'],
  ['moveTyping', 'Alt + ↑', 'Alt + ↓'],
  ['showRinging', 'F2'],
  ['dial', 'D'],
  ['hold', 'H'],
  ['transfer', 'T'],
  ['park', 'P'],
  ['hangUp', 'Shift + E'],
  ['dismiss', 'X'],
  ['putAwayAll', 'Shift + X'],
  ['help', '?'],
] as const;

export function KeyOverlay({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('keys.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      <dl className={css.keys}>
        {LINES.map(([name, ...keys]) => (
          <div key={name}>
            <dt>{t(`keys.${name}`)}</dt>
            <dd>
              {keys.map((key) => (
                <kbd className="key" key={key}>
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
