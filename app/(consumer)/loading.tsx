import { PageSkeleton } from '../../components/ui/waiting.tsx';

export default function Loading() {
  return <PageSkeleton />;
}
