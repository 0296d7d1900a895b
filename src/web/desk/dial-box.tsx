/** A number, typed or pasted as people write it, and Enter. */
import { ActionIcon, TextInput } from '@mantine/core';
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import css from './dial-box.module.css';
import { useDial } from './use-pbx-commands.ts';

export function DialBox({ inputRef }: { readonly inputRef: Ref<HTMLInputElement> }) {
  const { t } = useTranslation();
  const dial = useDial();
  const [typed, setTyped] = useState('');
  return (
    <form
      className={css.box}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === '') return;
        dial?.(typed);
        setTyped('');
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      }}
    >
      <TextInput
        ref={inputRef}
        type="tel"
        value={typed}
        maxLength={64}
        onChange={(event) => setTyped(event.currentTarget.value)}
        aria-label={t('dial.label')}
        aria-keyshortcuts="d"
        placeholder={t('dial.placeholder')}
        autoComplete="off"
        rightSection={
          typed === '' ? (
            <kbd className="key" aria-hidden>
              D
            </kbd>
          ) : (
            <ActionIcon type="submit" aria-label={t('dial.call')} color="teal" variant="filled">
              <IconPhoneOutgoing size={18} />
            </ActionIcon>
          )
        }
      />
    </form>
  );
}
