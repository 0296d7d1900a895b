/** The desk by keyboard: one listener, plain keys outside of text fields, Alt or Ctrl/⌘ everywhere. */
import { useEffect, useRef } from 'react';

export interface DeskKeys {
  readonly choose: (index: number) => boolean;
  readonly outcome: (shortcut: string) => boolean;
  readonly focusNotes: () => void;
  readonly done: () => void;
  readonly undo: () => void;
  /** To the times for the next call. */
  readonly followUp: () => void;
  readonly openRecord: () => void;
  readonly move: (step: 1 | -1) => void;
  readonly dismiss: () => void;
  readonly dismissAll: () => void;
  /** To the call that rings, from wherever one is. */
  readonly showRinging: () => void;
  readonly help: () => void;
  readonly dial: () => void;
  /** Hold, or back to the customer. */
  readonly hold: () => void;
  readonly transfer: () => void;
  /** Park, or retrieve. */
  readonly park: () => void;
  readonly hangUp: () => void;
}

/** Keys of the desk itself: an outcome that is configured for one of these needs Alt. */
export const DESK_KEYS: ReadonlySet<string> = new Set(['n', 'u', 'o', 'x', '?', 'j', 'k', 'd', 'f', 'h', 't', 'p', 'e']);

export function useDeskKeys(keys: DeskKeys, isOff: boolean): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    if (isOff) return;
    const listen = (event: KeyboardEvent) => {
      // A key pressed while an input method composes belongs to the input method.
      if (event.isComposing || event.defaultPrevented) return;
      if (press(current.current, event)) event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [isOff]);
}

/** True when the key meant something. */
function press(keys: DeskKeys, event: KeyboardEvent): boolean {
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') return act(keys.done);
  if (event.ctrlKey || event.metaKey) return false;
  if (event.key === 'F2') return act(keys.showRinging);
  if (event.altKey) return pressAlt(keys, event);
  if (isTyping(event.target)) {
    if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
    return event.key === 'Escape';
  }
  return pressPlain(keys, event);
}

/** On a Mac, Alt changes what a key types; `code` still names the key. */
function pressAlt(keys: DeskKeys, event: KeyboardEvent): boolean {
  if (event.key === 'ArrowDown') return act(() => keys.move(1));
  if (event.key === 'ArrowUp') return act(() => keys.move(-1));
  const typed = /^(?:Digit|Key|Numpad)(.)$/.exec(event.code)?.[1] ?? event.key;
  return keys.outcome(typed.toLowerCase());
}

function pressPlain(keys: DeskKeys, event: KeyboardEvent): boolean {
  if (/^[1-9]$/.test(event.key) && keys.choose(Number(event.key) - 1)) return true;
  switch (event.key) {
    case 'n':
      return act(keys.focusNotes);
    case 'u':
      return act(keys.undo);
    case 'f':
      return act(keys.followUp);
    case 'o':
      return act(keys.openRecord);
    case 'x':
      return act(keys.dismiss);
    case 'X':
      // Caps lock is no wish to clear the desk.
      return act(event.shiftKey ? keys.dismissAll : keys.dismiss);
    case '?':
      return act(keys.help);
    case 'j':
      return act(() => keys.move(1));
    case 'k':
      return act(() => keys.move(-1));
    case 'd':
      return act(keys.dial);
    case 'h':
      return act(keys.hold);
    case 't':
      return act(keys.transfer);
    case 'p':
      return act(keys.park);
    case 'E':
      // With shift only, and not by caps lock: nobody hangs up by accident.
      return act(event.shiftKey ? keys.hangUp : () => undefined);
    default:
      return keys.outcome(event.key.toLowerCase());
  }
}

function act(run: () => void): true {
  run();
  return true;
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !['button', 'checkbox', 'radio'].includes(target.type)) ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}
