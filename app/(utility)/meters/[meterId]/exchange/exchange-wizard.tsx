'use client';

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { ExchangeForm } from '../../../../../components/exchange/exchange-form.tsx';
import { ExchangePreview } from '../../../../../components/exchange/exchange-preview.tsx';
import {
  EMPTY_EXCHANGE,
  type ExchangeValues,
  exchangeBody,
  exchangeFaults,
  withClosings,
} from '../../../../../components/exchange/exchange-values.ts';
import { FiledClosings } from '../../../../../components/exchange/filed-closings.tsx';
import {
  type ReportedSerial,
  ReportedSerials,
} from '../../../../../components/exchange/reported-serials.tsx';
import {
  type FaultReason,
  isChangeFault,
  isDecisionFault,
  isEditFault,
} from '../../../../../lib/errors.ts';
import type { MeterDetailWire } from '../../../../../lib/meters/meter-wire.ts';
import type {
  ExchangedWire,
  ExchangePreviewWire,
} from '../../../../../lib/register/exchange-wire.ts';
import { ApiError } from '../../../../api-client.ts';
import { useExchangeMeter, usePreview, useReportedSerials } from './use-exchange.ts';

export interface ExchangeWizardProps {
  meter: MeterDetailWire;
  onDone: (exchanged: ExchangedWire) => void;
}

/** Exchange in three views: form, preview, registered. Errors of the server are shown at their fields. */
export function ExchangeWizard({ meter, onDone }: ExchangeWizardProps) {
  const t = useTranslations('exchange');
  const [registers, setRegisters] = useState(false);
  const [refusals, setRefusals] = useState(0);
  const form = useForm<ExchangeValues>({
    initialValues: EMPTY_EXCHANGE,
    validate: (values) =>
      textsOf(Object.entries(exchangeFaults(values, registers)), (fault) => t(fault)),
  });
  const preview = usePreview(meter.meterId);
  const exchange = useExchangeMeter(meter.meterId, onDone);
  const refused = exchange.error ?? preview.error;
  const onError = (error: Error) => {
    const faults = faultsOf(error);
    if (faults.some(({ reason }) => reason === 'unregistered')) setRegisters(true);
    const texts = faults.map(({ field, reason }) => [field, exchangeFault(reason)] as const);
    form.setErrors(textsOf(texts, (reason) => t(`fault.${reason}`)));
    setRefusals((count) => count + 1);
  };
  const takeSerial = ({ meterSerial, isRegistered }: ReportedSerial) => {
    form.setFieldValue('newSerial', meterSerial);
    setRegisters(!isRegistered);
  };
  const body = () => exchangeBody(form.getValues(), registers);
  const onRefused = (error: Error) => {
    if (!faultsOf(error).some(({ reason }) => reason === 'closing-filed')) return onError(error);
    // A file was made since the preview: the next one names it too.
    exchange.reset();
    preview.mutate(body(), { onError });
  };
  if (preview.data && !exchange.error) {
    return (
      <ExchangeConfirmation
        key={preview.submittedAt}
        preview={preview.data}
        isBusy={exchange.isPending}
        onConfirm={(closings) =>
          exchange.mutate(withClosings(body(), closings), { onError: onRefused })
        }
        onEdit={preview.reset}
      />
    );
  }
  return (
    <ExchangeForm
      form={form}
      registers={registers}
      onRegisters={setRegisters}
      refusals={refusals}
      isBusy={preview.isPending}
      notice={<Notices error={refused} meterId={meter.meterId} onUse={takeSerial} />}
      onCheck={() => {
        exchange.reset();
        preview.mutate(body(), { onError });
      }}
    />
  );
}

interface NoticesProps {
  error: Error | null;
  meterId: number;
  onUse: (serial: ReportedSerial) => void;
}

/** Above the form: an error that belongs to no field, and serials that the terminal has reported. */
function Notices({ error, meterId, onUse }: NoticesProps) {
  const { data } = useReportedSerials(meterId);
  return (
    <>
      <Refused error={error} />
      <ReportedSerials serials={data?.serials ?? []} onUse={onUse} />
    </>
  );
}

interface ExchangeConfirmationProps {
  preview: ExchangePreviewWire;
  isBusy: boolean;
  /** With the closings that were ticked: all of which a file was made. */
  onConfirm: (acknowledgedClosings: string[]) => void;
  onEdit: () => void;
}

/** What an exchange would change; it is registered once the closings of which a file was made are ticked. */
function ExchangeConfirmation({ preview, isBusy, onConfirm, onEdit }: ExchangeConfirmationProps) {
  const t = useTranslations('exchange');
  const [acknowledged, setAcknowledged] = useState<string[]>([]);
  const [isTried, setTried] = useState(false);
  const isMissing = preview.filed.some(({ closesOn }) => !acknowledged.includes(closesOn));
  return (
    <Stack gap="md">
      <ExchangePreview preview={preview} />
      <FiledClosings
        preview={preview}
        acknowledged={acknowledged}
        onAcknowledge={setAcknowledged}
        isMissing={isTried && isMissing}
      />
      <Group>
        <Button
          loading={isBusy}
          onClick={() => (isMissing ? setTried(true) : onConfirm(acknowledged))}
        >
          {t('confirm')}
        </Button>
        <Button variant="default" disabled={isBusy} onClick={onEdit}>
          {t('edit')}
        </Button>
      </Group>
    </Stack>
  );
}

/** The reason as the page has a text for it: `other` for one of another change of the register. */
function exchangeFault(reason: FaultReason | undefined) {
  if (reason === undefined || isChangeFault(reason) || isEditFault(reason)) return 'other';
  if (isDecisionFault(reason)) return 'other';
  return reason;
}

/** Texts of faults by field, in the page's language. */
function textsOf<F>(
  faults: readonly (readonly [string, F])[],
  textOf: (fault: F) => string,
): Record<string, string> {
  return Object.fromEntries(faults.map(([field, fault]) => [field, textOf(fault)]));
}

function faultsOf(error: Error | null) {
  return error instanceof ApiError ? (error.problem?.faults ?? []) : [];
}

/** Alert for an error that belongs to no field. */
function Refused({ error }: { error: Error | null }): ReactNode {
  const t = useTranslations('common');
  if (!error || faultsOf(error).length > 0) return null;
  const code = error instanceof ApiError ? error.code : 'internal';
  const reference = error instanceof ApiError ? error.reference : undefined;
  return (
    <Alert color="danger" title={t(`problem.${code}.title`)} role="alert">
      {t(`problem.${code}.detail`)}
      {reference ? <Text size="sm">{t('state.reference', { reference })}</Text> : null}
    </Alert>
  );
}
