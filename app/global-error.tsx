'use client';

/** Error page for a failure of the root layout; it depends on no theme, texts or data. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="ja">
      <body>
        <main>
          <h1>表示できません</h1>
          <p>
            データは変わっていません。ページを読み込み直してください。繰り返すときは、次の番号を添えてお知らせください。
          </p>
          <p lang="en">
            This page cannot be shown. No data was changed. Load it again; if it happens again, tell
            us this number.
          </p>
          <p>{error.digest ?? '—'}</p>
        </main>
      </body>
    </html>
  );
}
