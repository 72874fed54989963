using System.CommandLine;
using Castalia.Machine;
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
        $"A .jsonl, .csv or .txt file (text or ids, with optional name and category), or a built-in set: {PromptSets.Standard25} (five " +
        $"categories of five short prompts), {PromptSets.Standard200} (the same categories, forty in each), {PromptSets.Running24} (texts of " +
        "about 180 words, for --positions all).";

    /// <summary>--prompts, for verbs that have no prompts of their own.</summary>
    public static Option<string> Required() => new("--prompts")
    {
        Description = Forms,
        HelpName = Operand,
        Required = true,
    };

    /// <summary>--threads.</summary>
    public static WholeNumber Threads() => new(
        "--threads", "Worker threads; results do not depend on it. CASTALIA_THREADS where it is set, else one for each core.", 1, 1024, DefaultThreads);

    /// <summary>The prompts of a file, or of a built-in set: a name without an extension means a set, unless there is a file of that name.</summary>
    public static IReadOnlyList<Prompt> Read(string named) =>
        File.Exists(named) || Path.HasExtension(named) ? PromptFile.Read(named) : PromptSets.BuiltIn(named);

    static (string Text, string Source) DefaultThreads() =>
        Environment.GetEnvironmentVariable("CASTALIA_THREADS") is { Length: > 0 } text
            ? (text, "CASTALIA_THREADS")
            : (FormattableString.Invariant($"{PhysicalCores.Count}"), "--threads");
}
