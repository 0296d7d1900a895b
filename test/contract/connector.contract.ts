import { accidentCases } from './connector-accidents.contract.ts';
import { makeBench } from './connector-bench.ts';
import { changesCases } from './connector-changes.contract.ts';
import { countingCases } from './connector-counting.contract.ts';
import { findingCases } from './connector-finding.contract.ts';
import type { ConnectorHarness, ConnectorSandbox } from './connector-harness.ts';
import { writingCases } from './connector-writing.contract.ts';

export type { Accident, ConnectorHarness, ConnectorSandbox, Customer } from './connector-harness.ts';

/**
 * The one suite that decides whether a connector works. Every connector runs it against its sandbox:
 * `connectorContract('salesforce', harness)`. The harness starts a fresh sandbox for every test and says how to play the
 * customers, the colleagues in the CRM and the accidents. A case may be left out only with a written reason.
 */
export function connectorContract(name: string, harness: ConnectorHarness): void {
  describe(`the connector contract: ${name}`, () => {
    let sandbox: ConnectorSandbox | null = null;
    const bench = makeBench(() => {
      if (sandbox === null) throw new Error('no sandbox is running');
      return sandbox;
    }, harness.leftOut);

    beforeEach(async () => {
      sandbox = await harness.start();
    });
    afterEach(async () => {
      await sandbox?.close();
      sandbox = null;
    });

    findingCases(bench);
    changesCases(bench);
    writingCases(bench);
    accidentCases(bench);
    countingCases(bench);
  });
}
