/**
 * A small series of our own making, as an mbox: cover letter, two patches (one quoted-printable), a reply with remarks.
 * The code is invented; it names real functions of the series so that sites have something to bind to.
 */
export const SERIES = `From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001
From: A. Writer <writer@example.org>
Date: Mon, 2 Feb 2026 10:00:00 +0200
Subject: [PATCH v4 0/2] mm: collect while walking
Message-ID: <cover@example.org>

One walk instead of two.

A. Writer (2):
  mm/hmm: collect under the lock
  lib: count what was collected

 lib/count.c | 2 +-
 mm/hmm.c    | 9 ++++++++-

From 2222222222222222222222222222222222222222 Mon Sep 17 00:00:00 2001
From: A. Writer <writer@example.org>
Date: Mon, 2 Feb 2026 10:00:01 +0200
Subject: [PATCH v4 1/2] mm/hmm: collect under the lock
Message-ID: <one@example.org>
In-Reply-To: <cover@example.org>

Takes the lock before it looks.
>From here on the entry cannot change.

Signed-off-by: A. Writer <writer@example.org>
---
 mm/hmm.c | 9 ++++++++-
 1 file changed, 8 insertions(+), 1 deletion(-)

diff --git a/mm/hmm.c b/mm/hmm.c
index 1111111..2222222 100644
--- a/mm/hmm.c
+++ b/mm/hmm.c
@@ -100,7 +100,14 @@ static int hmm_vma_walk_split(pmd_t *pmdp,
 			      struct mm_walk *walk)
 {
 	int err;
+	spinlock_t *lock;
 
-	err = 0;
+	lock = pmd_lock(walk->mm, pmdp);
+	if (unlikely(!pmd_trans_huge(*pmdp))) {
+		spin_unlock(lock);
+		return 0;
+	}
+	spin_unlock(lock);
+	err = split_folio(pmd_folio(*pmdp));
 	return err;
 }
-- 
2.50.0

From 3333333333333333333333333333333333333333 Mon Sep 17 00:00:00 2001
From: =?UTF-8?Q?A=2E_Wr=C3=AFter?= <writer@example.org>
Date: Mon, 2 Feb 2026 10:00:02 +0200
Subject: [PATCH v4 2/2] lib: count what was collected
Message-ID: <two@example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Counts na=EFvely.
---
 lib/count.c | 2 +-

diff --git a/lib/count.c b/lib/count.c
--- a/lib/count.c
+++ b/lib/count.c
@@ -1,3 +1,3 @@
 int count(void)
 {
-=09return 0;
+=09return collected(walk, &range, HMM_PFN_MIGRATE) + collected(walk, &other,=
 HMM_PFN_COMPOUND);
-- =20
2.50.0

From mboxrd@z Thu Jan  1 00:00:00 1970
From: R. Viewer <viewer@example.org>
Date: Tue, 3 Feb 2026 09:00:00 +0100
Subject: Re: [PATCH v4 1/2] mm/hmm: collect under the lock
Message-ID: <reply@example.org>
In-Reply-To: <one@example.org>

Hi,

On Mon, Feb 02, 2026 at 10:00:01AM +0200, A. Writer wrote:
> Takes the lock before it looks.
>
> Signed-off-by: A. Writer <writer@example.org>
> ---
> diff --git a/mm/hmm.c b/mm/hmm.c
> --- a/mm/hmm.c
> +++ b/mm/hmm.c
> @@ -100,7 +100,14 @@ static int hmm_vma_walk_split(pmd_t *pmdp,
>  			      struct mm_walk *walk)
>  {
>  	int err;
> +	spinlock_t *lock;
>  
> -	err = 0;
> +	lock = pmd_lock(walk->mm, pmdp);

Is the lock held here already?

> +	if (unlikely(!pmd_trans_huge(*pmdp))) {
> +		spin_unlock(lock);

A device-private entry
comes here, too.

Thanks,
R. Viewer
`;

/** A diff with as many lines as asked for, in files of 900 lines. Generated: nothing of it was posted anywhere. */
export function largeDiff(lines: number): string {
  const out: string[] = [];
  for (let file = 0; out.length < lines; file++) {
    const path = `drivers/gen/unit${file}.c`;
    out.push(`diff --git a/${path} b/${path}`, 'index 1111111..2222222 100644', `--- a/${path}`, `+++ b/${path}`);
    for (let hunk = 0; hunk < 30 && out.length < lines; hunk++) {
      const at = hunk * 60 + 1;
      out.push(`@@ -${at},20 +${at + hunk},21 @@ static int unit${file}_part${hunk}(struct unit *u)`);
      for (let i = 0; i < 8; i++) out.push(` \tu->field_${i} = read_field(u, ${file * 100 + i});`);
      for (let i = 0; i < 4; i++) out.push(`-\tif (u->state & STATE_${i}) return -EINVAL;`);
      for (let i = 0; i < 5; i++) out.push(`+\tif (unlikely(u->state & STATE_${i})) return -EBUSY; /* ${i} */`);
      for (let i = 0; i < 8; i++) out.push(` \twrite_field(u, ${i}, u->field_${i});`);
    }
  }
  return `${out.slice(0, lines).join('\n')}\n`;
}
