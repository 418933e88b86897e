/** What a statement adds of the draft `d` to the columns of an assignment. */
export const draftColumns = `d.verdict AS draft_verdict, d.corrected_output AS draft_corrected_output, d.labels AS draft_labels,
       d.comment AS draft_comment, d.saved_at AS draft_saved_at`;
