using System.CommandLine;
using Castalia.Architectures;
using Castalia.Runs;
using Castalia.Tokens;

namespace Castalia.Cli.Verbs;

/// <summary>What verbs that run a model take alike, read from the command line.</summary>
static class RunChoices
{
    /// <summary>The options; those that a verb does not have stand at what a plain measurement has.</summary>
    public static RunOptions Of(
        ParseResult parse, WholeNumber threads, Choice<BosPolicy> bos, Choice<Positions>? positions = null, Option<bool>? logitLens = null, Choice<GeluChoice>? activation = null,
        WholeNumber? seed = null) => new()
        {
            Threads = (int)threads.In(parse),
            Bos = bos.In(parse) ?? BosPolicy.Default,
            AllPositions = positions?.In(parse) == Positions.All,
            LogitLens = logitLens is not null && parse.GetValue(logitLens),
            Activation = activation?.In(parse) ?? GeluChoice.Config,
            Seed = seed?.In(parse) ?? 0,
        };
}
