/** The queues of the recorded PBX, as its queues.conf has them. */
export interface QueueMemberSetting {
  readonly name: string;
  readonly interface: string;
  readonly stateInterface: string;
}

export interface QueueSetting {
  readonly name: string;
  readonly strategy: string;
  readonly members: readonly QueueMemberSetting[];
}

export const recordedQueues: readonly QueueSetting[] = [
  {
    name: 'support',
    strategy: 'rrmemory',
    members: [phone('1005', 'Ito Makoto'), phone('1006', 'Watanabe Aya'), phone('1007', 'Nakamura Ken')],
  },
  {
    name: 'vip',
    strategy: 'linear',
    members: [throughLocal('1008', 'Kobayashi Mai'), throughLocal('1009', 'Kato Shin')],
  },
  {
    name: 'sales',
    strategy: 'ringall',
    members: [
      phone('1004', '田中 洋子'),
      phone('1001', 'Sato Ichiro'),
      phone('1002', 'Suzuki Hanako'),
      phone('1003', 'Takahashi Jiro'),
    ],
  },
];

function phone(extension: string, name: string): QueueMemberSetting {
  return { name, interface: `PJSIP/${extension}`, stateInterface: `PJSIP/${extension}` };
}

function throughLocal(extension: string, name: string): QueueMemberSetting {
  return { name, interface: `Local/${extension}@agent-local/n`, stateInterface: `PJSIP/${extension}` };
}
