/** To whom the customer goes: pick a colleague, or type a number; ask first, or hand over at once. */
import { Button, Modal, TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskAgent } from '../../desk/desk-ports.ts';
import css from './transfer-sheet.module.css';

interface TransferSheetProps {
  readonly opened: boolean;
  /** Everybody but oneself. */
  readonly colleagues: readonly DeskAgent[];
  readonly onClose: () => void;
  readonly onTransfer: (kind: 'blind' | 'attended', to: { readonly number: string; readonly name: string }) => void;
}

export function TransferSheet({ opened, onClose, ...rest }: TransferSheetProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('transfer.title')}
      size="md"
      // What is typed right after the key must not be lost to a transition.
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      {opened && <Choice {...rest} />}
    </Modal>
  );
}

function Choice({ colleagues, onTransfer }: Pick<TransferSheetProps, 'colleagues' | 'onTransfer'>) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [index, setIndex] = useState(0);
  const fitting = colleagues.filter(({ extension, name }) => fits(typed, extension, name));
  const colleague = fitting[Math.min(index, fitting.length - 1)];
  const number = typed.trim();
  const outside = colleague === undefined && number !== '' ? { number, name: number } : null;
  const target = colleague ? { number: colleague.extension, name: colleague.name } : outside;
  const go = (kind: 'blind' | 'attended') => {
    if (target !== null) onTransfer(outside === null ? kind : 'blind', target);
  };
  const press = (event: KeyboardEvent) => {
    // Enter that ends a composition chooses a word, not a colleague.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setIndex(Math.min(index + 1, fitting.length - 1));
    else if (event.key === 'ArrowUp') setIndex(Math.max(index - 1, 0));
    else if (event.key === 'Enter') go(event.shiftKey ? 'blind' : 'attended');
    else return;
    event.preventDefault();
  };
  return (
    <div>
      <TextInput
        data-autofocus
        aria-label={t('transfer.find')}
        placeholder={t('transfer.find')}
        value={typed}
        maxLength={64}
        autoComplete="off"
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setIndex(0);
        }}
        onKeyDown={press}
        aria-controls="transfer-colleagues"
        aria-activedescendant={colleague && `transfer-${colleague.extension}`}
        role="combobox"
        aria-expanded
      />
      <div className={css.colleagues} id="transfer-colleagues" role="listbox" aria-label={t('transfer.colleagues')}>
        {fitting.map((each, position) => (
          <div
            key={each.extension}
            id={`transfer-${each.extension}`}
            role="option"
            tabIndex={-1}
            aria-selected={each === colleague}
            onClick={() => setIndex(position)}
            onKeyDown={press}
          >
            <span className="numbers">{each.extension}</span> {each.name}
          </div>
        ))}
      </div>
      {fitting.length === 0 && <p className={css.none}>{t(number === '' ? 'transfer.none' : 'transfer.outside', { number })}</p>}
      <div className={css.buttons}>
        <Button
          disabled={target === null || outside !== null}
          onClick={() => go('attended')}
          rightSection={<kbd className="key">↵</kbd>}
        >
          {t('transfer.attended')}
        </Button>
        <Button
          variant="default"
          disabled={target === null}
          onClick={() => go('blind')}
          rightSection={<kbd className="key">{outside === null ? '⇧ ↵' : '↵'}</kbd>}
        >
          {t('transfer.blind')}
        </Button>
      </div>
    </div>
  );
}

/** By extension or by any part of the name, spaces or not. */
function fits(typed: string, extension: string, name: string): boolean {
  const wanted = plain(typed);
  return plain(extension).startsWith(wanted) || plain(name).includes(wanted);
}

function plain(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '').toLowerCase();
}
