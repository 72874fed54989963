using System.CommandLine;
using System.CommandLine.Completions;
using Castalia.Architectures;
using Castalia.Cli.Verbs;
using Castalia.Errors;
using Castalia.Hub;
using Castalia.Hypotheses;
using Castalia.PromptFiles;
using Castalia.Store;
using Castalia.Twins;

namespace Castalia.Cli;

/// <summary>What may stand in an argument, for the shell that asks. A question at the keyboard: where the answer cannot be had there is none.</summary>
/// <remarks>An argument with such a source needs a HelpName of its own: help prints the answers in place of the argument's name otherwise.</remarks>
static class Completions
{
    /// <summary>'latest' and the names of the runs in the folder that the line names.</summary>
    public static IEnumerable<CompletionItem> Runs(CompletionContext context) => Answer(() =>
    {
        var option = context.ParseResult.CommandResult.Command.Options.OfType<Option<string>>().FirstOrDefault(o => o.Name == "--runs");
        string folder = option is null ? "runs" : context.ParseResult.GetValue(option)!;
        return [RunNames.Latest, .. Directory.Exists(folder) ? RunListing.Folders(folder).Select(path => Path.GetFileName(path)!) : []];
    });

    /// <summary>Ids of the shipped hypotheses.</summary>
    public static IEnumerable<CompletionItem> Hypotheses(CompletionContext context) => Answer(() => [.. HypothesisFiles.BuiltIn().Select(h => h.Id)]);

    /// <summary>Studies of twins that ship.</summary>
    public static IEnumerable<CompletionItem> Studies(CompletionContext context) => Answer(() => ShippedStudy.Names);

    /// <summary>Built-in sets of prompts.</summary>
    public static IEnumerable<CompletionItem> PromptSets(CompletionContext context) => Answer(() => PromptFiles.PromptSets.Names);

    /// <summary>Families by model_type.</summary>
    public static IEnumerable<CompletionItem> Families(CompletionContext context) => Answer(() => [.. FamilyNames.All]);

    /// <summary>Repositories that the hub's cache holds, and the built-in networks.</summary>
    public static IEnumerable<CompletionItem> CachedModels(CompletionContext context) => Answer(() => [.. new HubCache(HubSettings.FromEnvironment().CacheFolder).Repositories(), .. BuiltInNetworks.Names]);

    static IEnumerable<CompletionItem> Answer(Func<IReadOnlyList<string>> words)
    {
        try
        {
            return [.. words().Select(word => new CompletionItem(word))];
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
