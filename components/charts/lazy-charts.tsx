'use client';

import { Skeleton } from '@mantine/core';
import dynamic from 'next/dynamic';

const loading = () => <Skeleton height={260} />;

/** Charts that are loaded when a page shows one, so that other pages do not load the drawing library. */
export const LazyBarChart = dynamic(() => import('./bar-chart.tsx').then((m) => m.BarChart), {
  ssr: false,
  loading,
});
export const LazyBandChart = dynamic(() => import('./band-chart.tsx').then((m) => m.BandChart), {
  ssr: false,
  loading,
});
export const LazyStackChart = dynamic(() => import('./stack-chart.tsx').then((m) => m.StackChart), {
  ssr: false,
  loading,
});
