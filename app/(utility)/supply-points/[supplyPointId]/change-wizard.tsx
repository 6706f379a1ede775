'use client';

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { ChangeForm } from '../../../../components/register/change-form.tsx';
import { ChangePreview, FiledChanges } from '../../../../components/register/change-preview.tsx';
import {
  type ChangeValues,
  changeBody,
  changeFaults,
  type FormKind,
  formField,
  initialValues,
  withClosings,
} from '../../../../components/register/change-values.ts';
import { fittingReason, isFittingKind } from '../../../../components/register/fitting-values.ts';
import {
  type FaultReason,
  isDecisionFault,
  isEditFault,
  isExchangeFault,
} from '../../../../lib/errors.ts';
import type { RegisterChangePreviewWire } from '../../../../lib/register/register-change-wire.ts';
import type { SupplyPointWire } from '../../../../lib/register/supply-point-wire.ts';
import { ApiError } from '../../../api-client.ts';
import { useAreas } from '../../pressure/use-pressure.ts';
import { useChangeRegister, usePreviewChange, useTariffs } from './use-supply-point.ts';

export interface ChangeWizardProps {
  place: SupplyPointWire;
  kind: FormKind;
  /** Values to begin with, in place of empty ones. */
  given?: Partial<ChangeValues>;
  onDone: () => void;
  onCancel: () => void;
}

/** A change in three views: form, preview, registered. Errors of the server are shown at their fields. */
export function ChangeWizard({ place, kind, given, onDone, onCancel }: ChangeWizardProps) {
  const t = useTranslations('register');
  const [refusals, setRefusals] = useState(0);
  const areas = useAreas();
  const tariffs = useTariffs();
  const form = useForm<ChangeValues>({
    initialValues: { ...initialValues(place), ...given },
    validate: (values) => textsOf(Object.entries(changeFaults(kind, values)), (fault) => t(fault)),
  });
  const preview = usePreviewChange(place.supplyPointId);
  const change = useChangeRegister(place.supplyPointId, onDone);
  const onError = (error: Error) => {
    const reasons = faultsOf(error).map(
      ({ field, reason }) => [formField(field), reasonOf(kind, reason)] as const,
    );
    form.setErrors(textsOf(reasons, (reason) => t(`fault.${reason}`)));
    setRefusals((count) => count + 1);
  };
  const body = () => changeBody(kind, form.getValues());
  const onRefused = (error: Error) => {
    if (!faultsOf(error).some(({ reason }) => reason === 'closing-filed')) return onError(error);
    // A file was made since the preview: the next one names it too.
    change.reset();
    preview.mutate(body(), { onError });
  };
  if (preview.data && !change.error) {
    return (
      <Confirmation
        key={preview.submittedAt}
        preview={preview.data}
        isBusy={change.isPending}
        onConfirm={(closings) =>
          change.mutate(withClosings(body(), closings), { onError: onRefused })
        }
        onEdit={preview.reset}
      />
    );
  }
  return (
    <ChangeForm
      {...{ kind, place, form, refusals, onCancel }}
      areas={areas.data?.areas ?? []}
      tariffs={tariffs.data?.tariffs ?? []}
      isBusy={preview.isPending}
      notice={<Refused error={change.error ?? preview.error} />}
      onCheck={() => {
        change.reset();
        preview.mutate(body(), { onError });
      }}
    />
  );
}

interface ConfirmationProps {
  preview: RegisterChangePreviewWire;
  isBusy: boolean;
  /** With the closings that were ticked: all of which a file was made. */
  onConfirm: (acknowledgedClosings: string[]) => void;
  onEdit: () => void;
}

/** What a change would change; it is registered once the closings of which a file was made are ticked. */
function Confirmation({ preview, isBusy, onConfirm, onEdit }: ConfirmationProps) {
  const t = useTranslations('register');
  const [acknowledged, setAcknowledged] = useState<string[]>([]);
  const [isTried, setTried] = useState(false);
  const isMissing = preview.filed.some(({ closesOn }) => !acknowledged.includes(closesOn));
  return (
    <Stack gap="md">
      <ChangePreview preview={preview} />
      <FiledChanges
        filed={preview.filed}
        acknowledged={acknowledged}
        onAcknowledge={setAcknowledged}
        isMissing={isTried && isMissing}
      />
      <Group>
        <Button
          loading={isBusy}
          onClick={() => (isMissing ? setTried(true) : onConfirm(acknowledged))}
        >
          {t('confirm', { kind: t(`kind.${preview.kind}`) })}
        </Button>
        <Button variant="default" disabled={isBusy} onClick={onEdit}>
          {t('edit')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Texts of faults by field, in the page's language. */
function textsOf<F>(
  faults: readonly (readonly [string, F])[],
  textOf: (fault: F) => string,
): Record<string, string> {
  return Object.fromEntries(faults.map(([field, fault]) => [field, textOf(fault)]));
}

/** The reason as the page has a text for it: `other` for one of an exchange or an edit. */
function reasonOf(kind: FormKind, reason: FaultReason | undefined) {
  if (isFittingKind(kind)) return fittingReason(kind, reason);
  if (reason === undefined || isExchangeFault(reason) || isEditFault(reason)) return 'other';
  if (isDecisionFault(reason)) return 'other';
  return reason;
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
