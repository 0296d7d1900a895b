import { createOwnAriClient } from '../../src/telephony/ari/own-ari-client.ts';
import { describeAriClient } from './ari-client.contract.ts';

describeAriClient('own', createOwnAriClient, {});
