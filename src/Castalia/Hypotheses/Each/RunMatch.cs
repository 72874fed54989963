using Castalia.Architectures;
using Castalia.DoFiles;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Store;

namespace Castalia.Hypotheses.Each;

/// <summary>Which stored runs are what a hypothesis asks for: the same prompts, policy and do-files, by their hashes, and at least what is to be read.</summary>
/// <param name="need">What it asks for.</param>
sealed class RunMatch(RunNeed need)
{
    readonly string _prompts = HashOf(need.Prompts);
    readonly string? _reference = need.Reference is { } set ? HashOf(set) : null;
    readonly HashSet<string> _doFiles = [.. need.Do.Select(file => DoFile.Read(file).Sha256)];

    /// <summary>Prompts of a built-in set, or of a file.</summary>
    /// <exception cref="InputException">There is no such set or file.</exception>
    public static IReadOnlyList<Prompt> PromptsOf(string named) => IsFile(named) ? PromptFile.Read(named) : PromptSets.BuiltIn(named);

    /// <summary>Whether a name stands for a file and not for a built-in set.</summary>
    public static bool IsFile(string named) => File.Exists(named) || Path.HasExtension(named);

    /// <summary>Whether a model of a run is.</summary>
    public bool Fits(StoredRun run, StoredModel model) =>
        model.PromptsSha256 == _prompts && run.Bos == need.BosWord && IsActivation(run, model) && (run.HasEveryPosition || !need.AllPositions) && need.Verb switch
        {
            RunVerb.Explain => run.Tables.ContainsKey(RunTables.Attribution) && HasLastBlock(run.Explained, model) && (!need.Weights || run.Explained!.Weights) &&
                (_reference is null || run.ReferenceSha256 == _reference) && (!need.Bands || run.HasBands),
            RunVerb.Intervene => run.Tables.ContainsKey(RunTables.Interventions) && _doFiles.IsSubsetOf(run.DoFiles),
            _ => true,
        };

    bool IsActivation(StoredRun run, StoredModel model) => need.OtherGelu ? model.Activation != model.StatedActivation : run.Activation == GeluChoice.Config.Word();

    static bool HasLastBlock(ExplainChoice? explained, StoredModel model) =>
        explained is { Blocks: var blocks } && (blocks is "last" or "all" || blocks.Split(',').Contains(FormattableString.Invariant($"{model.NLayers - 1}")));

    static string HashOf(string named) => PromptHash.Of(PromptsOf(named));
}
