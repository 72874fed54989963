using Castalia.Anatomy;
using Castalia.Anatomy.Weights;
using Castalia.Cards;
using Castalia.Published;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia anatomy</c> prints for people.</summary>
static class AnatomyReport
{
    /// <summary>One model's facts and weights, or the differences of several.</summary>
    /// <param name="models">As they were read.</param>
    /// <param name="difference">Of two or more; null for one.</param>
    /// <param name="revisions">Weights beside those of the first, where they correspond.</param>
    public static Page Of(IReadOnlyList<ReadAnatomy> models, AnatomyDifference? difference, IReadOnlyList<RevisionComparison> revisions) => new(
    [
        .. difference is null ? Facts(models[0].Facts) : Differences(difference),
        .. StudyComparisonPart.IsAbout([.. models.Select(model => model.Facts.Model)]) ? (IEnumerable<PageBlock>)[new Gap(), StudyComparisonPart.Table()] : [],
        .. Origin(models),
        .. revisions.SelectMany(RevisionParts.Of),
        .. models.Where(model => model.Weights is not null).SelectMany(Weights),
    ]);

    static IEnumerable<PageBlock> Facts(AnatomyFacts facts)
    {
        yield return new Heading(facts.Model);
        foreach (var group in facts.Facts.GroupBy(fact => fact.Group))
        {
            yield return new Gap();
            yield return new Heading(group.Key.ToString().ToLowerInvariant(), Level: 2);
            yield return new Facts([.. group.Select(fact => (fact.Name, $"{fact.Shown}{(fact.Unit == "" ? "" : $" {fact.Unit}")}"))], Math.Min(34, group.Max(fact => fact.Name.Length) + 2));
        }
    }

    static IEnumerable<PageBlock> Differences(AnatomyDifference d)
    {
        yield return new Heading(StudyWords.List(d.Models));
        int primary = d.Primary.Count();
        yield return new Paragraph((d.Differing.Count == 0 ? "No fact differs" : $"{Figures.Of(d.Differing.Count, "fact")} differ{(d.Differing.Count == 1 ? "s" : $", of which {primary} follow{(primary == 1 ? "s" : "")} from no other")}") + $"; {d.Same.Count} agree" +
            (d.Unknown.Count == 0 ? "." : $"; {d.Unknown.Count} {(d.Unknown.Count == 1 ? "is" : "are")} not known of {(d.Models.Count == 2 ? "one" : "some")} of them and not compared: {string.Join(", ", d.Unknown)}."));
        if (d.Differing.Count == 0) yield break;
        yield return new Gap();
        yield return new Table(["differs", .. d.Models.Select(Column.Words)], [.. d.Primary.Select(IReadOnlyList<Cell> (fact) => [fact.Name, .. fact.Facts.Select(one => (Cell)one.Shown)])]) { Caption = "What differs" };
        var following = d.Differing.Where(fact => !fact.IsPrimary).ToList();
        if (following.Count > 0)
        {
            yield return new Gap();
            yield return new Paragraph("What follows from it:");
            yield return new Remarks([.. following.Select(fact => $"{fact.Name}: {StudyWords.List(fact.Facts.Select(one => one.Shown))}, from {From(fact, d)}")]);
        }
        var remarks = d.Differing.Select(fact => (Fact: fact, Remark: FieldRemarks.Of(fact.Key))).Where(pair => pair.Remark is not null).ToList();
        if (remarks.Count > 0)
        {
            yield return new Gap();
            yield return new Remarks([.. remarks.Select(pair => $"{pair.Fact.Name}: {pair.Remark!.Text} [{string.Join("; ", pair.Remark.Sources.Concat(Literature.References.Of(pair.Remark).Select(work => work.Citation)))}]")]);
        }
        if (d.Dampening is not { } dampening) yield break;
        yield return new Gap();
        var ruledOut = d.Differing.Where(fact => fact.IsRuledOut).ToList();
        yield return new Paragraph($"As the single cause of {dampening}'s dampening the study's models rule out: " +
            (ruledOut.Count == 0 ? "nothing" : string.Join("; ", ruledOut.Select(fact => $"{fact.Name} ({string.Join(", ", fact.Against.Select(counter => counter.Model).Distinct())})"))) +
            ". A counter-example shares its value and expands, or has the other's and dampens; acting together with others is not ruled out.");
    }

    /// <summary>What a difference follows from; of counts of parameters, which follow from nearly all, in a word.</summary>
    public static string From(FactDifference difference, AnatomyDifference among) => difference.FollowsFrom.Count > 3 ? "the sizes and the wiring"
        : string.Join(", ", difference.FollowsFrom.Select(key => among.Differing.First(one => one.Key == key).Name));

    static IEnumerable<PageBlock> Origin(IReadOnlyList<ReadAnatomy> models)
    {
        var alone = models.Where(model => model.Alone is not null).GroupBy(model => model.Alone!, model => model.Facts.Model).ToList();
        if (alone.Count == 0) yield break;
        yield return new Gap();
        yield return new Remarks([.. alone.Select(from => $"{string.Join(", ", from)}: read from {from.Key}; what weights say is not here.")], Hang: 0);
    }

    static IEnumerable<PageBlock> Weights(ReadAnatomy read)
    {
        var weights = read.Weights!;
        yield return new Gap();
        yield return new Heading($"The weights of {weights.Model}", Level: 2);
        yield return new Gap();
        yield return new Table(["block", "‖W_O‖", "‖W_down‖", "σ₁ W_O", "σ₁ W_down", "σ₁ W_V·W_O"], [.. weights.Blocks.Select((block, i) => Matrices(block, read.Spectra?.Blocks[i]))])
        {
            Caption = "Frobenius and spectral norms by block",
        };
        yield return new Paragraph("‖·‖: Frobenius norm, of experts together; σ₁: largest singular value, of experts the largest" + (read.Spectra is null ? "; left out here." : "."));
        yield return new Gap();
        yield return new Table(["block", "norm gains", "largest", "norm biases", "largest"], [.. weights.Blocks.Select(Vectors)]) { Caption = "Gains and biases of the norms by block" };
        yield return new Paragraph("Mean ± sd over the elements of the block's norms, n in the variance; the largest size.");
        yield return new Gap();
        yield return new Paragraph($"Unembedding with the final norm's gain, {Figures.Count(weights.Unembedding.Rows)} rows: Frobenius norm {Figures.Real(weights.Unembedding.Frobenius)}, " +
            $"{Figures.Real(weights.Unembedding.Centred)} with the vocabulary's mean taken out" + (read.Spectra is { } s ? $", largest singular value {Figures.Real(s.FoldedUnembedding.Value)}." : "."));
        if (read.Spectra is { Overlap: var overlap })
            yield return new Paragraph(overlap.IsTied ? "Embedding and unembedding are one matrix: every principal angle is 0."
                : overlap.Angles is { } angles ? $"Overlap of embedding and unembedding, principal angles between their {overlap.Directions} leading right singular directions: cosines from {Figures.Real(angles.Cosines.Min())} to {Figures.Real(angles.Cosines.Max())}, median {Figures.Real(angles.Cosines.Order().ElementAt(angles.Cosines.Count / 2))}."
                : "Overlap of embedding and unembedding: undefined, because the leading directions are not told apart from the next.");
    }

    static IReadOnlyList<Cell> Matrices(BlockAnatomy block, Anatomy.Spectra.BlockSpectra? spectra) =>
    [
        Number(block), Cell.Number(block.AttnOut.Frobenius, Figures.Real), Cell.Number(Math.Sqrt(block.Down.Sum(one => one.Frobenius * one.Frobenius)), Figures.Real),
        Known(spectra?.AttnOut.Value), Known(spectra?.Down.Max(norm => norm.Value)), Known(spectra?.ValueOut.Value),
    ];

    static IReadOnlyList<Cell> Vectors(BlockAnatomy block)
    {
        var gains = block.Norms.Where(norm => !norm.Role.ToString().EndsWith("Bias", StringComparison.Ordinal)).ToList();
        var biases = block.Norms.Except(gains).ToList();
        return [Number(block), Pooled(gains), Largest(gains), Pooled(biases), Largest(biases)];
    }

    static Cell Number(BlockAnatomy block) => FormattableString.Invariant($"{block.Layer + 1}");

    static Cell Known(double? value) => value is { } known ? Cell.Number(known, Figures.Real) : Figures.Missing;

    static Cell Largest(List<WeightFigures> vectors) => vectors.Count == 0 ? Figures.Missing : Cell.Number(vectors.Max(one => one.Largest), Figures.Real);

    /// <summary>Mean and standard deviation of all elements together.</summary>
    static Cell Pooled(List<WeightFigures> vectors)
    {
        if (vectors.Count == 0) return Figures.Missing;
        double n = vectors.Sum(one => one.Count), mean = vectors.Sum(one => one.Mean * one.Count) / n;
        double variance = vectors.Sum(one => one.Count * (one.Sd * one.Sd + (one.Mean - mean) * (one.Mean - mean))) / n;
        return $"{TestFigures.Signed(mean)} ± {Figures.Real(Math.Sqrt(variance))}";
    }
}
