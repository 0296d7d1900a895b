/** How far each CRM has been read, and the numbers nobody can read. */
import { Anchor, Progress } from '@mantine/core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { DirectoryAnswer } from '../../callers/directory-routes.ts';
import { useConnectorLabel } from '../desk/connector-label.ts';
import { useWhen } from '../desk/when.ts';
import page from './admin-page.module.css';
import css from './directory-panel.module.css';
import { type ReadingSample, restOf } from './reading-pace.ts';

type Source = DirectoryAnswer['sources'][number];

export function DirectoryPanel({ directory }: { readonly directory: DirectoryAnswer }) {
  const { t, i18n } = useTranslation();
  const connectorLabel = useConnectorLabel();
  const figure = (value: number) => value.toLocaleString(i18n.language);
  const unreadable = directory.sources.reduce((sum, source) => sum + source.unreadable, 0);
  const file = (encoding: string) =>
    `/api/v1/directory/unreadable.csv?encoding=${encoding}&language=${i18n.language === 'ja' ? 'ja' : 'en'}`;
  return (
    <section className={page.sheet}>
      <h2>{t('directory.title')}</h2>
      <p className={css.sum}>{t('directory.numbers', { numbers: figure(directory.numbers) })}</p>
      <ul className={css.list}>
        {directory.sources.map((source) => (
          <li key={`${source.connector} ${source.object}`} data-ok={source.problem === null}>
            <b>
              {connectorLabel(source.connector)} {source.object}
            </b>
            <span>{t('directory.records', { records: figure(source.records) })}</span>
            {source.problem === null ? (
              <span className={css.state}>
                <State source={source} />
              </span>
            ) : (
              <Problem problem={source.problem} />
            )}
            {source.reading !== null && source.reading.total !== null && source.reading.total > 0 && (
              <Progress
                className={css.bar}
                value={Math.min(100, (100 * source.reading.read) / source.reading.total)}
                aria-label={t('directory.progress', { object: source.object })}
              />
            )}
          </li>
        ))}
      </ul>
      {unreadable > 0 && (
        <p className={css.report}>
          {t('directory.unreadable', { fields: figure(unreadable) })}{' '}
          <Anchor href={file('utf-8')}>{t('directory.download')}</Anchor>{' '}
          <Anchor href={file('shift_jis')}>{t('directory.downloadSjis')}</Anchor>
        </p>
      )}
    </section>
  );
}

function Problem({ problem }: { readonly problem: NonNullable<Source['problem']> }) {
  const { t } = useTranslation();
  return (
    <span className={css.problem}>
      {t(`directory.problem.${problem.kind ?? 'other'}`)} <code title={problem.detail}>{problem.detail}</code>
    </span>
  );
}

function State({ source }: { readonly source: Source }) {
  const { t, i18n } = useTranslation();
  const when = useWhen();
  const first = useRef<ReadingSample | null>(null);
  if (source.reading === null || source.pageAt === null) {
    if (source.completeAt === null) return t('directory.notYet');
    return t('directory.complete', { at: when.dateTime(source.completeAt) });
  }
  const { read, total } = source.reading;
  const sample = { read, at: Date.parse(source.pageAt) };
  if (first.current === null || read < first.current.read) first.current = sample;
  const rest = restOf(first.current, sample, total);
  const counted = { read: read.toLocaleString(i18n.language), total: total?.toLocaleString(i18n.language) ?? '?' };
  if (rest === null) return t('directory.reading', counted);
  const pace = Math.round(rest.perSecond).toLocaleString(i18n.language);
  return `${t('directory.reading', counted)} · ${t('directory.rest', { pace, minutes: Math.ceil(rest.seconds / 60) })}`;
}
