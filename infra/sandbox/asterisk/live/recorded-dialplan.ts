import { parseDialplan } from './dialplan.ts';

const queueCall = (did: string, queue: string) => `
[did-${did}]
exten => s,1,Answer()
 same => n,Gosub(sub-record,s,1(in,\${DID},\${CALLERID(num)}))
 same => n,Queue(${queue},tT,,,60)
 same => n,Goto(queue-exit,s,1)`;

const agentCall = (did: string, ...dials: string[]) => `
[did-${did}]
exten => s,1,Gosub(sub-record,s,1(in,\${DID},\${CALLERID(num)}))
${dials.map((data) => ` same => n,Dial(${data})`).join('\n')}
 same => n,Goto(dial-exit,s,1)`;

/** The dialplan of the recorded PBX: its numbers, its click-to-call, its parking, its application; and that of the commands, as shipped. */
export const recordedDialplan = parseDialplan(`
[from-trunk]
exten => _X.,1,NoOp(Inbound \${CALLERID(all)} to \${EXTEN})
 same => n,Set(__DID=\${EXTEN})
 same => n,Goto(did-\${EXTEN},s,1)
${queueCall('0312345679', 'sales')}
${queueCall('0120111222', 'sales')}
${queueCall('0312345680', 'support')}
${queueCall('05031234567', 'support')}
${queueCall('0312345686', 'vip')}
${agentCall('0312345681', 'PJSIP/1003&PJSIP/1004&PJSIP/1005,20,tT')}
${agentCall('0312345682', 'PJSIP/1006,12,tTkK')}
${agentCall('0312345687', 'PJSIP/1008,12,tT', 'PJSIP/1009,12,tT')}
[did-0312345683]
exten => s,1,Answer()
 same => n,Playback(lab/closed)
 same => n,Hangup(16)
[did-0312345684]
exten => s,1,NoOp(hand over to ARI)
 same => n,Stasis(crm-hub,inbound,\${DID})
 same => n,Hangup()
[sub-record]
exten => s,1,Set(__RECFILE=\${ARG1}-\${ARG2}-\${ARG3}-\${STRFTIME(\${EPOCH},,%Y%m%d-%H%M%S)}-\${UNIQUEID}.wav)
 same => n,MixMonitor(\${RECFILE},b)
 same => n,Return()
[queue-exit]
exten => s,1,NoOp(queue ended: \${QUEUESTATUS})
 same => n,Hangup(16)
[dial-exit]
exten => s,1,NoOp(dial ended: \${DIALSTATUS} cause \${HANGUPCAUSE})
 same => n,Goto(s-\${DIALSTATUS},1)
exten => s-BUSY,1,Busy(5)
 same => n,Hangup(17)
exten => s-NOANSWER,1,Answer()
 same => n,Playback(lab/noanswer)
 same => n,Hangup(16)
exten => s-CHANUNAVAIL,1,Hangup(20)
exten => _s-.,1,Hangup()
[from-internal]
exten => _10XX,1,NoOp(internal call \${CALLERID(num)} to \${EXTEN})
 same => n,Dial(PJSIP/\${EXTEN},20,tTkK)
 same => n,Goto(dial-exit,s,1)
exten => 600,1,Queue(sales,tT,,,60)
 same => n,Goto(queue-exit,s,1)
exten => 601,1,Queue(support,tT,,,60)
 same => n,Goto(queue-exit,s,1)
exten => 690,1,Answer()
 same => n,Echo()
exten => 700,1,Park()
exten => _70X,1,ParkedCall(default,\${EXTEN})
exten => _0X.,1,Goto(outbound-go,\${EXTEN},1)
[outbound-go]
exten => _X.,1,NoOp(outbound \${CALLERID(num)} to \${EXTEN})
 same => n,Set(__AGENTEXT=\${CALLERID(num)})
 same => n,Gosub(sub-record,s,1(out,\${EXTEN},\${AGENTEXT}))
 same => n,Set(CALLERID(all)=0312345678)
 same => n,Dial(PJSIP/\${EXTEN}@trunk-out,15,tTkK)
 same => n,Goto(dial-exit,s,1)
[click-to-call]
exten => _0X.,1,NoOp(click-to-call \${CRM_CALL_ID} by \${CTC_AGENT} to \${EXTEN})
 same => n,Gosub(sub-record,s,1(ctc,\${EXTEN},\${CTC_AGENT}))
 same => n,Set(CALLERID(all)=0312345678)
 same => n,Dial(PJSIP/\${EXTEN}@trunk-out,20,tT)
 same => n,Goto(dial-exit,s,1)
[agent-local]
exten => _10XX,1,NoOp(local leg for \${EXTEN})
 same => n,Dial(PJSIP/\${EXTEN},15,tT)
 same => n,Hangup()
[crm-hub-internal]
exten => _X.,1,Stasis(crm-hub,internal,\${EXTEN})
 same => n,Hangup()
#include toritsugi-commands.conf
`);
