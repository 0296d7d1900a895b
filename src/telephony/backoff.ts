/** How long to wait before the next try to reach a PBX. Half of it is chance, so that hubs do not return all at once. */
export function reconnectDelayMs(failures: number, wasRefused: boolean, random: () => number): number {
  const { firstMs, capMs } = wasRefused ? afterRefusal : afterLoss;
  const ceiling = Math.min(capMs, firstMs * 2 ** Math.min(failures, 20));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}

const afterLoss = { firstMs: 800, capMs: 30_000 };
/** Asterisk blocks the addresses of those who knock too often where fail2ban watches. */
const afterRefusal = { firstMs: 15_000, capMs: 300_000 };
