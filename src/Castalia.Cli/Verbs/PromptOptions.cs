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
    public static Option<BosPolicy?> Bos() => Choice.Option("--bos",
        "What is put around a text: what the tokenizer's own rules add, nothing, or always one BOS before it. Ids are fed as given.",
        ("default", BosPolicy.Default), ("none", BosPolicy.None), ("always", BosPolicy.Always));

    /// <summary>--prompts, for verbs that have no prompts of their own.</summary>
    public static Option<string> Required() => new("--prompts")
    {
        Description = "A .jsonl, .csv or .txt file (text or ids, with optional name and category), or standard-25.",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>--threads.</summary>
    public static Option<long> Threads() => WholeNumber.Option(
        "--threads", "Worker threads; results do not depend on it. CASTALIA_THREADS where it is set, else one for each core.", 1, 1024, DefaultThreads);

    /// <summary>The prompts of a file, or of a built-in set unless there is a file of that name.</summary>
    public static IReadOnlyList<Prompt> Read(string set) =>
        PromptSets.Names.Contains(set) && !File.Exists(set) ? PromptSets.BuiltIn(set) : PromptFile.Read(set);

    static (string Text, string Source) DefaultThreads() =>
        Environment.GetEnvironmentVariable("CASTALIA_THREADS") is { Length: > 0 } text
            ? (text, "CASTALIA_THREADS")
            : (FormattableString.Invariant($"{PhysicalCores.Count}"), "--threads");
}
