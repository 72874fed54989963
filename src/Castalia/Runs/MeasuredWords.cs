using Castalia.Architectures;
using Castalia.Errors;
using Castalia.Prompts;
using Castalia.Tokens;
using Castalia.Wording;

namespace Castalia.Runs;

/// <summary>What was measured and how it was fed, in sentences.</summary>
static class MeasuredWords
{
    /// <summary>A sentence for each thing a reader of the figures must know.</summary>
    public static IEnumerable<string> Of(ModelRun model, Run run)
    {
        var m = model.Measurement;
        int tokens = m.Prompts.Sum(p => p.Ids.Count), dropped = m.Prompts.Sum(p => p.DroppedBytes);
        yield return $"{m.Architecture.Family.ModelType}: {Figures.Of(m.Architecture.NLayers, "block")}, d_model {m.Architecture.DModel}, {Figures.Of(m.Parameters, "parameter")}";
        yield return $"{Figures.Of(m.Prompts.Count, "prompt")} ({run.PromptSet}), {Figures.Of(tokens, "token")} fed";
        yield return run.Options.Activation.Said(m.Architecture);
        yield return model.Tokenizer is { } tokenizer
            ? $"tokenizer: {tokenizer.Source}"
            : $"{(model.TokenizerUnreadBecause is { } why ? $"tokenizer not read: {why} Prompts" : "no tokenizer: prompts")} are token ids, " +
              "no vocabulary row counts as padding";
        yield return Added(model, run);
        if (m.PaddedVocabularyRows > 0) yield return $"{Figures.Of(m.PaddedVocabularyRows, "vocabulary row")} of padding left out of softmax and entropy";
        if (dropped > 0) yield return $"{Figures.Of(dropped, "byte")} of the texts dropped: the vocabulary has no token for them";
        int again = m.Prompts.Count - m.Prompts.Select(p => string.Join(' ', p.Ids)).Distinct().Count();
        if (again > 0)
            yield return $"note: {Figures.Of(again, "prompt")} feed{(again == 1 ? "s" : "")} the same tokens as one before; each counts, though it says nothing new, so intervals are too narrow";
        if (model.TheoreticalGain is not null) yield return "untrained: random weights, no language; its gain can be foretold";
        foreach (string note in m.Notes.Concat(model.Tokenizer?.Notes ?? [])) yield return $"note: {note}";
    }

    /// <summary>The BOS policy and what it did.</summary>
    static string Added(ModelRun model, Run run)
    {
        string policy = $"--bos {run.Options.Bos.ToString().ToLowerInvariant()}";
        List<TokenizedPrompt> texts = [.. model.Measurement.Prompts.Where(p => p.Prompt.Text is not null)];
        if (texts.Count == 0) return "ids are fed as given, nothing added";
        var after = run.Options.Bos == BosPolicy.Default ? model.Tokenizer!.DefaultSuffix : [];
        var first = texts.Find(p => p.Added > 0);
        if (first is null && after.Count == 0) return $"{policy}: nothing added to a text";
        string begun = texts.Any(p => p.Added == 0) ? " that does not begin with it" : "";
        string[] added =
        [
            .. first is null ? [] : new[] { $"{Pieces(first.Ids.Take(first.Added))} before each text{begun}" },
            .. after.Count == 0 ? [] : new[] { $"{Pieces(after)} after each text" },
        ];
        return $"{policy}: {string.Join(", ", added)}";

        string Pieces(IEnumerable<int> ids) => string.Join(" ", ids.Select(id => $"{Printable.Of(model.Tokenizer!.Piece(id))} ({id})"));
    }
}
