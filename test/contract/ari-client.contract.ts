import type { AriClientFactory } from '../../src/telephony/ari/ari-client.ts';
import { type AriClientExemptions, createAriClientRig } from '../support/ari-client-rig.ts';
import { describeAriEvents } from './ari-client-events.contract.ts';
import { describeAriFailures } from './ari-client-failures.contract.ts';
import { describeAriLogin } from './ari-client-login.contract.ts';
import { describeAriRequests } from './ari-client-requests.contract.ts';

/** What any AriClient has to do against a real HTTP and websocket server, whatever it is made of. */
export function describeAriClient(name: string, make: AriClientFactory, exemptions: AriClientExemptions): void {
  describe(`the ARI client "${name}"`, () => {
    const rig = createAriClientRig(make, exemptions);
    describeAriLogin(rig);
    describeAriEvents(rig);
    describeAriRequests(rig);
    describeAriFailures(rig);
  });
}
