import { AmiActionRefused } from '../ami/ami-action.ts';
import { AmiRefused, AmiUnreachable } from '../ami/ami-client.ts';
import { CommandRefused, PbxAway } from './pbx-commands.ts';

/** The one place where Asterisk's answers and a broken line become the errors of the commands. */

/** There is nothing left to act on. */
export function gone(pbx: string, detail: string): CommandRefused {
  return new CommandRefused('gone', detail, `The PBX ${pbx} has nothing left to act on.`);
}

/** Asterisk's words for "no" (main/manager.c, main/features.c, res/parking/parking_manager.c of Asterisk 22). */
export function refusalOf(pbx: string, action: string, words: string): CommandRefused {
  if (/no such channel|does not exist(?:: |$)|not exist/i.test(words) && !/extension/i.test(words)) {
    return gone(pbx, `A leg of the call is over (${words}).`);
  }
  if (/extension does not exist/i.test(words)) {
    return new CommandRefused(
      'noDialplan',
      `The PBX ${pbx} has no dialplan for this command.`,
      'Include toritsugi-commands.conf in its extensions.conf.',
    );
  }
  return new CommandRefused('pbxRefused', `The PBX ${pbx} refused ${action}: ${words}.`, 'Look at its log.');
}

export function asCommandError(pbx: string, action: string, error: unknown): Error {
  if (error instanceof AmiRefused) {
    return new CommandRefused('lackingRights', `The PBX ${pbx} does not let us: ${error.detail}`, error.remedy, { cause: error });
  }
  if (error instanceof AmiActionRefused) {
    return new CommandRefused('unsafe', error.message, 'Nothing was sent.', { cause: error });
  }
  const detail = error instanceof AmiUnreachable ? error.detail : `${action} at the PBX ${pbx} failed.`;
  return new PbxAway(detail, true, { cause: error });
}
