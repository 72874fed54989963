using System.CommandLine;
using Castalia.Machine;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Castalia.Tokens;

namespace Castalia.Cli.Verbs;

/// <summary>Which positions of a prompt.</summary>
enum Positions
{
    Last,
    All,
}

/// <summary>Options that several verbs take alike.</summary>
static class PromptOptions
{
    /// <summary>--bos.</summary>
    public static Choice<BosPolicy> Bos() => new("--bos",
        "What is put around a text: what the tokenizer's own rules add, nothing, or always one BOS before it. Ids are fed as given.",
        ("default", BosPolicy.Default), ("none", BosPolicy.None), ("always", BosPolicy.Always));

    /// <summary>The word for it in usage lines.</summary>
    public const string Operand = "FILE|SET";

    /// <summary>What --prompts takes.</summary>
    public const string Forms =
        $"A .jsonl, .csv or .txt file (text or ids, with optional name, category and true_entropy), or a built-in set: {PromptSets.Standard25} (five " +
        $"categories of five short prompts), {PromptSets.Standard200} (the same categories, forty in each), {PromptSets.Running24} (texts of " +
        "about 180 words, for --positions all); or - for standard input, JSON Lines where it begins with '{', else a text a line.";

    /// <summary>What stands for standard input, and what a run calls it.</summary>
    const string StandardInput = "-", StandardInputName = "standard input";

    /// <summary>--prompts.</summary>
    /// <param name="otherwise">What its description says of its absence, with a space before it.</param>
    public static Option<string?> Named(string otherwise = "") => new("--prompts")
    {
        Description = Forms + otherwise,
        HelpName = Operand,
        CompletionSources = { Completions.PromptSets },
    };

    /// <summary>--prompt.</summary>
    public static Option<string[]> Texts() => new("--prompt")
    {
        Description = "A text to be read itself, in place of --prompts; may be given several times.",
        HelpName = "TEXT",
    };

    /// <summary>Makes a command refuse both at once.</summary>
    public static void RefuseBoth(Command command, Option<string?> named, Option<string[]> texts) => command.Validators.Add(result =>
    {
        if (result.GetValue(named) is not null && result.GetValue(texts) is { Length: > 0 })
            result.AddError("--prompts names a file or a set, --prompt gives a text: one or the other.");
    });

    /// <summary>Makes a command refuse both at once and neither.</summary>
    public static void Require(Command command, Option<string?> named, Option<string[]> texts)
    {
        RefuseBoth(command, named, texts);
        command.Validators.Add(result =>
        {
            if (result.GetValue(named) is null && result.GetValue(texts) is not { Length: > 0 })
                result.AddError("Which prompts? Give --prompts FILE or SET, or --prompt TEXT.");
        });
    }

    /// <summary>--threads.</summary>
    public static WholeNumber Threads() => new(
        "--threads", "Worker threads; results do not depend on it. CASTALIA_THREADS where it is set, else one for each core.", 1, 1024, DefaultThreads);

    /// <summary>The prompts of a file, or of a built-in set: a name without an extension means a set, unless there is a file of that name.</summary>
    /// <param name="named">What --prompts says; null where it is absent.</param>
    /// <param name="texts">What --prompt says.</param>
    public static IReadOnlyList<Prompt> Read(string? named, string[] texts)
    {
        if (named is null) return PromptFile.OfTexts("--prompt", texts);
        if (named == StandardInput)
        {
            using var input = Console.OpenStandardInput();
            return PromptFile.Read(StandardInputName, input);
        }
        return PromptSets.Named(named);
    }

    /// <summary>What a run calls the prompts, and the prompts; the standard 25 where neither option was given.</summary>
    /// <param name="named">What --prompts says; null where it is absent.</param>
    /// <param name="texts">What --prompt says.</param>
    public static (string Set, IReadOnlyList<Prompt> Prompts) OrStandard(string? named, string[] texts) => named is null && texts.Length == 0
        ? (PromptSets.Standard25, PromptSets.BuiltIn(PromptSets.Standard25))
        : (SetName(named), Read(named, texts));

    /// <summary>What a run calls the prompts.</summary>
    /// <param name="named">What --prompts says; null where texts were given.</param>
    public static string SetName(string? named) => named switch
    {
        null => "--prompt",
        StandardInput => StandardInputName,
        _ => named,
    };

    static (string Text, string Source) DefaultThreads() =>
        Environment.GetEnvironmentVariable("CASTALIA_THREADS") is { Length: > 0 } text
            ? (text, "CASTALIA_THREADS")
            : (FormattableString.Invariant($"{PhysicalCores.Count}"), "--threads");
}
