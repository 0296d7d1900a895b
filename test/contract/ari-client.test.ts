import { createOwnAriClient } from '../../src/telephony/ari/own-ari-client.ts';
import { createPackagedAriClient } from '../../src/telephony/ari/packaged-ari-client.ts';
import { describeAriClient } from './ari-client.contract.ts';

describeAriClient('own', createOwnAriClient, {});

describeAriClient('ari-client', createPackagedAriClient, {
  passwordOutOfAddresses: 'the package writes the password into the address of the event socket',
  anyPassword: 'the package sends other characters than ASCII in an encoding that Asterisk does not read',
  boundsAnswers: 'the package reads an answer whole before it hands it over; only the memory of its thread bounds it',
  freePaths: 'the package sends only what the PBX has described of itself',
  noticesCutRequests: 'the package tells nobody that a request was cut off; its time-out has to',
});
