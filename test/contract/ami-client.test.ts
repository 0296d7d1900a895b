import { createAsteriskManagerAmiClient } from '../../src/telephony/ami/asterisk-manager-ami-client.ts';
import { createOwnAmiClient } from '../../src/telephony/ami/own-ami-client.ts';
import { describeAmiClient } from './ami-client.contract.ts';

describeAmiClient('own', createOwnAmiClient, {});

describeAmiClient('asterisk-manager', createAsteriskManagerAmiClient, {
  md5: 'the package holds back every action but its own plain log-in until it is logged in, so it cannot ask for a challenge',
  boundsWhatItHolds: 'the package keeps a line of any length, and its socket cannot be reached from outside to end it',
  repeatedHeaders: 'the package takes an object, in which a header can stand once (variables excepted)',
});
