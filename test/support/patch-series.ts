/**
 * A series of six patches with its cover letter as an mbox, some 1,400 lines: the size of the real one. Generated:
 * nothing of it was posted anywhere.
 */
export function sixPatches(): string {
  const out: string[] = [...mail(0, 'one walk instead of two'), 'What the series is for.', ''];
  for (let n = 1; n <= 6; n++) {
    out.push(
      ...mail(n, `mm: part ${n}`),
      `Part ${n} of it.`,
      '',
      'Signed-off-by: A. Writer <writer@example.org>',
      '---',
    );
    for (const path of ['mm/hmm.c', 'mm/migrate_device.c', 'include/linux/hmm.h']) {
      out.push(`diff --git a/${path} b/${path}`, 'index 1111111..2222222 100644', `--- a/${path}`, `+++ b/${path}`);
      for (let h = 0; h < 4; h++) {
        out.push(`@@ -${h * 90 + 1},8 +${h * 90 + 1},17 @@ static int part${n}_${h}(struct mm_walk *walk)`);
        for (let i = 0; i < 4; i++) out.push(` \tcontext_${i}(walk, ${n});`);
        for (let i = 0; i < 2; i++) out.push(`-\told_${i}(walk->private, ${h});`);
        for (let i = 0; i < 11; i++) out.push(`+\tfresh_${i}(walk->private, ${h}, ${n});`);
        for (let i = 0; i < 2; i++) out.push(` \tafter_${i}(walk);`);
      }
    }
    out.push('-- ', '2.50.0', '');
  }
  return `${out.join('\n')}\n`;
}

const mail = (n: number, title: string): string[] => [
  `From ${String(n).repeat(40)} Mon Sep 17 00:00:00 2001`,
  'From: A. Writer <writer@example.org>',
  `Date: Mon, 2 Feb 2026 10:00:0${n} +0200`,
  `Subject: [PATCH v3 ${n}/6] ${title}`,
  `Message-ID: <part${n}@example.org>`,
  '',
];
