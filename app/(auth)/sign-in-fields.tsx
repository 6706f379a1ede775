'use client';

import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Clock, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import type { SignInRefusal } from '../sign-in-form.ts';
import { useSignIn } from './use-sign-in.ts';

export interface SignInFormProps {
  /** Path to open after signing in. */
  to: string;
  /** The utility, when the address, a cookie or the fact that there is only one tells it. */
  utility: { code: string; name: string } | undefined;
}

export function StaffSignInForm({ to, utility }: SignInFormProps) {
  const t = useTranslations('auth');
  const { isBusy, refusal, submit } = useSignIn('staff', to);
  const form = useForm({
    initialValues: { utilityCode: utility?.code ?? '', login: '', password: '' },
    validate: {
      utilityCode: (value) => (value.trim() ? null : t('required')),
      login: (value) => (value.trim() ? null : t('required')),
      password: (value) => (value ? null : t('required')),
    },
  });
  return (
    <Stack gap="lg">
      <Heading title={t('staff.title')} lead={utility?.name ?? t('staff.lead')} />
      <form onSubmit={form.onSubmit(submit)} noValidate>
        <Stack gap="md">
          <Refusal refusal={refusal} wrong={t('staff.wrong')} />
          <UtilityField
            utility={utility}
            label={t('staff.utility')}
            hint={t('staff.utilityHint')}
            input={form.getInputProps('utilityCode')}
          />
          <TextInput
            label={t('staff.login')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            {...form.getInputProps('login')}
          />
          <PasswordInput
            label={t('staff.password')}
            autoComplete="current-password"
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={isBusy} fullWidth>
            {t('staff.submit')}
          </Button>
        </Stack>
      </form>
      <Anchor component={Link} href="/my/sign-in" size="sm">
        {t('staff.other')}
      </Anchor>
    </Stack>
  );
}

export function ConsumerSignInForm({ to, utility }: SignInFormProps) {
  const t = useTranslations('auth');
  const { isBusy, refusal, submit } = useSignIn('consumer', to);
  const form = useForm({
    initialValues: { utilityCode: utility?.code ?? '', customerNumber: '', registrationCode: '' },
    validate: {
      utilityCode: (value) => (value.trim() ? null : t('required')),
      customerNumber: (value) => (value.trim() ? null : t('required')),
      registrationCode: (value) => (value.trim() ? null : t('required')),
    },
  });
  return (
    <Stack gap="lg">
      <Heading title={t('consumer.title')} lead={utility?.name ?? t('consumer.lead')} />
      <form onSubmit={form.onSubmit(submit)} noValidate>
        <Stack gap="md">
          <Refusal refusal={refusal} wrong={t('consumer.wrong')} />
          <UtilityField
            utility={utility}
            label={t('consumer.utility')}
            hint={t('consumer.utilityHint')}
            input={form.getInputProps('utilityCode')}
          />
          <TextInput
            size="md"
            label={t('consumer.customerNumber')}
            description={t('consumer.customerNumberHint')}
            autoComplete="username"
            autoCapitalize="characters"
            spellCheck={false}
            {...form.getInputProps('customerNumber')}
          />
          <TextInput
            size="md"
            label={t('consumer.registrationCode')}
            description={t('consumer.registrationCodeHint')}
            autoComplete="current-password"
            autoCapitalize="characters"
            spellCheck={false}
            {...form.getInputProps('registrationCode')}
          />
          <Button type="submit" size="lg" loading={isBusy} fullWidth>
            {t('consumer.submit')}
          </Button>
        </Stack>
      </form>
      <Anchor component={Link} href="/sign-in" size="sm">
        {t('consumer.other')}
      </Anchor>
    </Stack>
  );
}

function Heading({ title, lead }: { title: string; lead: string }) {
  return (
    <div>
      <Title order={1}>{title}</Title>
      <Text c="dimmed">{lead}</Text>
    </div>
  );
}

interface UtilityFieldProps {
  utility: SignInFormProps['utility'];
  label: string;
  hint: string;
  input: object;
}

/** Field for the utility's code, shown when a user wants another utility than the known one named above the form. */
function UtilityField({ utility, label, hint, input }: UtilityFieldProps) {
  const t = useTranslations('auth');
  const [isOpen, setOpen] = useState(!utility);
  if (!isOpen) {
    return (
      <Text size="sm" c="dimmed">
        {label}: {utility?.code}{' '}
        <Anchor component="button" type="button" size="sm" onClick={() => setOpen(true)}>
          {t('changeUtility')}
        </Anchor>
      </Text>
    );
  }
  return (
    <TextInput
      label={label}
      description={hint}
      autoComplete="organization"
      autoCapitalize="none"
      spellCheck={false}
      {...input}
    />
  );
}

function Refusal({ refusal, wrong }: { refusal: SignInRefusal | undefined; wrong: string }) {
  const t = useTranslations('auth');
  const format = useFormatter();
  if (!refusal) return null;
  if (refusal.kind === 'locked') {
    const until = format.dateTime(new Date(refusal.until), { hour: '2-digit', minute: '2-digit' });
    return (
      <Alert color="attention" icon={<Clock aria-hidden />} role="alert">
        {t('locked', { until })}
      </Alert>
    );
  }
  return (
    <Alert color="danger" icon={<TriangleAlert aria-hidden />} role="alert">
      {refusal.kind === 'wrong' ? wrong : t('unavailable')}
    </Alert>
  );
}
