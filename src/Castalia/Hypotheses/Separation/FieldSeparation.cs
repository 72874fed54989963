namespace Castalia.Hypotheses.Separation;

/// <summary>How well one field tells dampeners from expanders.</summary>
/// <param name="Field">The field.</param>
/// <param name="Question">The question that does it best, "yes" standing for what <paramref name="YesDampens"/> says.</param>
/// <param name="YesDampens">Whether the models of which the answer is yes are the dampeners.</param>
/// <param name="Errors">Models on the wrong side.</param>
/// <param name="P">Share of the assignments of labels for which this field does as well; the observed one is among them where all are gone through.</param>
/// <param name="FamilyP">Share of the assignments for which some field does as well for its kind: the smallest <paramref name="P"/> of any field is as small.</param>
sealed record SeparatingField(ArchitectureField Field, Question Question, bool YesDampens, int Errors, double P, double FamilyP);

/// <summary>Which fields tell dampeners from expanders, and how many would by chance.</summary>
/// <param name="Dampeners">Models that dampen.</param>
/// <param name="Expanders">Models that expand.</param>
/// <param name="Fields">Fields that differ among the models, the best first.</param>
/// <param name="Constant">How many fields are the same in all models, or have no value in any.</param>
/// <param name="Assignments">Assignments of labels that chance was judged by.</param>
/// <param name="AreAll">Whether those are all there are; else they are random.</param>
/// <param name="MeanPerfect">How many fields split an assignment perfectly, on average.</param>
/// <param name="AnyPerfect">Share of the assignments that some field splits perfectly: the family-wise p of a perfect split.</param>
/// <param name="AsManyPerfect">Share of the assignments that at least as many fields split perfectly as split the observed one; null where none does.</param>
sealed record FieldSeparation(
    IReadOnlyList<string> Dampeners, IReadOnlyList<string> Expanders, IReadOnlyList<SeparatingField> Fields, int Constant,
    int Assignments, bool AreAll, double MeanPerfect, double AnyPerfect, double? AsManyPerfect)
{
    /// <summary>Fields that split the observed labels without an error.</summary>
    public int Perfect => Fields.Count(f => f.Errors == 0);

    /// <summary>Searches the fields.</summary>
    /// <param name="models">Names of the models.</param>
    /// <param name="dampens">Whether each dampens; at least one does and at least one does not.</param>
    /// <param name="fields">The fields, values in the order of the models.</param>
    /// <param name="seed">Seed of random assignments.</param>
    /// <param name="cancellation">Stops between assignments.</param>
    /// <remarks>
    /// Chance: the labels are dealt anew over the models, as many dampeners as observed. A field with many values asks many questions
    /// and so does well more easily; therefore fields are compared by their own p, and the family-wise p is that of the smallest
    /// one (Westfall and Young 1993, min-p).
    /// </remarks>
    public static FieldSeparation Of(
        IReadOnlyList<string> models, IReadOnlyList<bool> dampens, IReadOnlyList<ArchitectureField> fields, long seed, CancellationToken cancellation)
    {
        int n = models.Count, k = dampens.Count(d => d);
        if (k == 0 || k == n) throw new ArgumentException("Both kinds of models must be there.", nameof(dampens));
        var asked = fields.Select(field => (Field: field, Questions: field.Questions())).Where(f => f.Questions.Count > 0).ToList();
        var packed = asked.Select(f => f.Questions.Select(q => Pack(q.Answers)).ToArray()).ToArray();
        var (assignments, areAll) = LabelAssignments.Of(n, k, seed);
        // [assignment × field] errors of the field's best question.
        int[][] errors = new int[assignments.Count][];
        for (int a = 0; a < errors.Length; a++)
        {
            cancellation.ThrowIfCancellationRequested();
            ulong[] labels = Pack(assignments[a]);
            errors[a] = [.. packed.Select(questions => questions.Min(q => Errors(q, labels, n)))];
        }
        ulong[] observedLabels = Pack(dampens);
        int[] observed = [.. packed.Select(questions => questions.Min(q => Errors(q, observedLabels, n)))];
        var chance = new Chance(errors, observed, areAll);
        var found = asked.Select((f, i) => Separating(f.Field, f.Questions, dampens, observed[i], chance.P(i, observed[i]), chance.FamilyP(i)))
            .OrderBy(f => f.Errors).ThenBy(f => f.P).ThenBy(f => f.Field.Name, StringComparer.Ordinal).ToList();
        int perfect = observed.Count(e => e == 0);
        return new(
            [.. models.Where((_, i) => dampens[i])], [.. models.Where((_, i) => !dampens[i])], found, fields.Count - asked.Count, assignments.Count, areAll,
            chance.MeanPerfect, chance.Share(row => row.Contains(0), perfect > 0), perfect == 0 ? null : chance.Share(row => row.Count(e => e == 0) >= perfect, true));
    }

    static SeparatingField Separating(
        ArchitectureField field, IReadOnlyList<Question> questions, IReadOnlyList<bool> dampens, int errors, double p, double familyP)
    {
        // Of a question and its opposite, the one that says which dampen.
        var best = questions.FirstOrDefault(q => Wrong(q) == errors) ?? questions.First(q => dampens.Count - Wrong(q) == errors);
        return new(field, best, Wrong(best) == errors, errors, p, familyP);

        int Wrong(Question question) => question.Answers.Where((answer, i) => answer != dampens[i]).Count();
    }

    /// <summary>Models on the wrong side of a question, whichever side is said to dampen.</summary>
    static int Errors(ulong[] answers, ulong[] labels, int n)
    {
        int different = 0;
        for (int w = 0; w < answers.Length; w++) different += System.Numerics.BitOperations.PopCount(answers[w] ^ labels[w]);
        return Math.Min(different, n - different);
    }

    static ulong[] Pack(IReadOnlyList<bool> bits)
    {
        ulong[] words = new ulong[(bits.Count + 63) / 64];
        for (int i = 0; i < bits.Count; i++)
            if (bits[i]) words[i / 64] |= 1UL << (i % 64);
        return words;
    }
}
