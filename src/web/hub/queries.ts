/** What the pages ask the hub for. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { DirectoryAnswer } from '../../callers/directory-routes.ts';
import type { ConnectorName, DeskAgent, LedgerRow, LedgerState, LedgerSummary, OutcomeChoice } from '../../desk/desk-ports.ts';
import type { Dependency } from '../../http/health-routes.ts';
import type { QuotasAnswer } from '../../quotas/quota-routes.ts';
import { ApiProblem, fetchJson } from './fetch-json.ts';

export interface SignedIn {
  readonly extension: string | null;
  readonly name: string | null;
}

/** Data null: nobody is signed in. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: () =>
      fetchJson<SignedIn>('/session').catch((error) => {
        if (error instanceof ApiProblem && error.status === 401) return null;
        throw error;
      }),
    staleTime: 60_000,
    retry: true,
    retryDelay: 1_000,
  });
}

export function useAgents() {
  const { data } = useQuery({
    queryKey: ['agents'],
    queryFn: () => fetchJson<{ agents: readonly DeskAgent[] }>('/agents'),
    staleTime: 300_000,
    retry: true,
    retryDelay: 1_000,
  });
  return data?.agents;
}

export function useConnectors() {
  const { data } = useQuery({
    queryKey: ['connectors'],
    queryFn: () => fetchJson<{ connectors: readonly ConnectorName[] }>('/connectors'),
    staleTime: 300_000,
    retry: true,
    retryDelay: 1_000,
  });
  return data?.connectors;
}

/** `1002 鈴木 蓮`; the bare extension when nobody has told the name. */
export function useAgentName(): (extension: string) => string {
  const agents = useAgents();
  return useMemo(() => {
    const names = new Map(agents?.map(({ extension, name }) => [extension, name]));
    return (extension) => names.get(extension) ?? extension;
  }, [agents]);
}

const NO_OUTCOMES: readonly OutcomeChoice[] = [];

export function useOutcomes(): readonly OutcomeChoice[] {
  const { data } = useQuery({
    queryKey: ['outcomes'],
    queryFn: () => fetchJson<{ outcomes: readonly OutcomeChoice[] }>('/outcomes'),
    staleTime: 300_000,
    retry: true,
    retryDelay: 1_000,
  });
  return data?.outcomes ?? NO_OUTCOMES;
}

/** The outcome in the reader's language; what the record says when the outcome is no longer configured. */
export function useOutcomeLabel(): (outcome: { readonly code: string; readonly label: string } | null) => string | null {
  const outcomes = useOutcomes();
  const { i18n } = useTranslation();
  const language = i18n.language === 'ja' ? 'ja' : 'en';
  return (outcome) => outcome && (outcomes.find(({ code }) => code === outcome.code)?.label[language] ?? outcome.label);
}

export type ShownLedgerRow = LedgerRow & { readonly display: string | null };

export interface LedgerPage {
  readonly summary: LedgerSummary;
  readonly rows: readonly ShownLedgerRow[];
  readonly next: string | null;
}

const MOST_LEDGER_PAGES = 20;

/** The newest calls first, a hundred a page; all pages that are open stay true. */
export function useLedger(state: LedgerState | null) {
  return useInfiniteQuery({
    queryKey: ['owed', state],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({ limit: '100' });
      if (state !== null) query.set('state', state);
      if (pageParam !== null) query.set('before', pageParam);
      return fetchJson<LedgerPage>(`/owed?${query}`);
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }, pages) => (pages.length < MOST_LEDGER_PAGES ? next : null),
    refetchInterval: 3_000,
    placeholderData: (previous) => previous,
  });
}

export function useQuotas() {
  return useQuery({
    queryKey: ['quotas'],
    queryFn: () => fetchJson<QuotasAnswer>('/quotas'),
    refetchInterval: 5_000,
  });
}

/** `/readyz` answers 503 with the same body when something is missing. */
export function useHealth() {
  return useQuery({
    queryKey: ['readyz'],
    queryFn: async () => {
      const response = await fetch('/readyz');
      return (await response.json()) as { status: string; dependencies: readonly Dependency[] };
    },
    refetchInterval: 5_000,
  });
}

/** What the directory holds; the counts in it are half a minute old at most. */
export function useDirectory() {
  return useQuery({
    queryKey: ['directory'],
    queryFn: () => fetchJson<DirectoryAnswer>('/directory'),
    refetchInterval: 5_000,
  });
}
