import type { AmiClientFactory } from '../../src/telephony/ami/ami-client.ts';
import { type AmiClientExemptions, createAmiClientRig } from '../support/ami-client-rig.ts';
import { describeAmiActions } from './ami-client-actions.contract.ts';
import { describeAmiEvents } from './ami-client-events.contract.ts';
import { describeAmiFailures } from './ami-client-failures.contract.ts';
import { describeAmiLogin } from './ami-client-login.contract.ts';
import { describeAmiStrangers } from './ami-client-strangers.contract.ts';

/** What any AmiClient has to do against a real TCP server, whatever it is made of. */
export function describeAmiClient(name: string, make: AmiClientFactory, exemptions: AmiClientExemptions): void {
  describe(`the AMI client "${name}"`, () => {
    const rig = createAmiClientRig(make, exemptions);
    describeAmiLogin(rig);
    describeAmiEvents(rig);
    describeAmiActions(rig);
    describeAmiFailures(rig);
    describeAmiStrangers(rig);
  });
}
