'use client';

import { useForm } from '@mantine/form';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { EditConfirmation } from '../../../../../components/editing/edit-confirmation.tsx';
import { EditForm } from '../../../../../components/editing/edit-form.tsx';
import {
  type EditValues,
  editBody,
  editFaults,
  editSubject,
  initialEdit,
} from '../../../../../components/editing/edit-values.ts';
import type { EditMadeWire } from '../../../../../lib/editing/edit-wire.ts';
import { isEditFault } from '../../../../../lib/errors.ts';
import { ApiError } from '../../../../api-client.ts';
import { useAddress } from '../../../use-address.ts';
import { Refused } from './refused.tsx';
import { useEditPreview, useEditReading } from './use-edits.ts';

export interface EditWizardProps {
  meterId: number;
  onDone: (state: EditMadeWire['state']) => void;
}

/** An edit in two views: form, then preview with one confirmation. Errors of the server are shown at their fields. */
export function EditWizard({ meterId, onDone }: EditWizardProps) {
  const t = useTranslations('editing');
  const { get } = useAddress();
  const [refusals, setRefusals] = useState(0);
  const form = useForm<EditValues>({
    initialValues: initialEdit(get),
    validate: (values) =>
      Object.fromEntries(
        Object.entries(editFaults(values)).map(([field, fault]) => [field, t(fault)]),
      ),
  });
  const preview = useEditPreview(meterId);
  const edit = useEditReading(meterId, ({ state }) => onDone(state));
  const onError = (error: Error) => {
    form.setErrors(
      Object.fromEntries(faultsOf(error).map(({ field, reason }) => [field, t(faultKey(reason))])),
    );
    setRefusals((count) => count + 1);
  };
  const check = () => {
    edit.reset();
    preview.mutate(editSubject(form.getValues()), { onError });
  };
  const onRefused = (error: Error) => {
    // A closing was issued since the preview: the next one names it too.
    if (faultsOf(error).some(({ reason }) => reason === 'closing-issued')) check();
    else onError(error);
  };
  if (preview.data && !edit.error) {
    const confirm = preview.data.needsSecond ? t('propose') : t('confirm');
    return (
      <EditConfirmation
        key={preview.submittedAt}
        preview={preview.data}
        choices={[
          {
            label: confirm,
            onChoose: (closings) =>
              edit.mutate(editBody(form.getValues(), closings), { onError: onRefused }),
          },
        ]}
        onBack={{ label: t('edit'), act: preview.reset }}
        isBusy={edit.isPending}
      />
    );
  }
  return (
    <EditForm
      form={form}
      refusals={refusals}
      notice={<Refused error={edit.error ?? preview.error} />}
      isBusy={preview.isPending}
      onCheck={check}
    />
  );
}

type Fault = NonNullable<NonNullable<ApiError['problem']>['faults']>[number];

function faultsOf(error: Error | null): readonly Fault[] {
  return error instanceof ApiError ? (error.problem?.faults ?? []) : [];
}

/** Key of the text of a reason. */
function faultKey(reason: Fault['reason']) {
  if (reason && isEditFault(reason)) return `fault.${reason}` as const;
  return reason === 'to-come' || reason === 'beyond-dial' || reason === 'key-used'
    ? (`fault.${reason}` as const)
    : 'fault.other';
}
