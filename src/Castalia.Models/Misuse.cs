using System.Globalization;
using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Residual;

namespace Castalia;

/// <summary>What a program that builds on this can do wrong: what is wrong, where, and what to do instead.</summary>
static class Misuse
{
    public static InputException NoSuchName(string name) => new(
        cause: $"'{name}' names no site.",
        place: "the name of a site",
        remedy: $"Name a block, from 0, and a site: blocks.0.{string.Join(", blocks.0.", ResidualSites.All.Select(site => site.Name()))}; or, of TransformerLens's names, {string.Join(", ", HookNames.Known)}.");

    public static InputException NoSuchSite(Site site, Architecture a, string checkpoint) => new(
        cause: $"The blocks of this model ({a.Family.Title}) have no {site.Kind.Name()}.",
        place: checkpoint,
        remedy: $"They have {string.Join(", ", ResidualSites.All.Where(kind => BlockActivations.WidthOf(a, kind) > 0).Select(ResidualSites.Name))}.");

    public static InputException NoSuchBlock(int block, int blocks, string checkpoint) => new(
        cause: FormattableString.Invariant($"There is no block {block}: the model has {blocks}, counted from 0."),
        place: checkpoint,
        remedy: FormattableString.Invariant($"Name blocks from 0 to {blocks - 1}."));

    public static InputException NoTokenizer(string checkpoint) => new(
        cause: "The checkpoint has no tokenizer.",
        place: checkpoint,
        remedy: "Give ids: TokenSequence.Of(1, 2, 3); or put the model's tokenizer.json beside the weights.");

    public static InputException NoSuchTensor(string name, string checkpoint, IEnumerable<string> all) => new(
        cause: $"The arithmetic reads no tensor named '{name}'.",
        place: checkpoint,
        remedy: $"LanguageModel.WeightNames has the names, the first of them {all.First()}.");

    public static InvalidOperationException InUse(string checkpoint) => new(
        $"The model {checkpoint} is at work, and was called again: by another thread, or by an observer of its own pass. " +
        "To do: call one model from one thread at a time; or open it once for each thread, since opened twice its weights are in memory once.");

    public static ObjectDisposedException Disposed(string checkpoint) => new(
        nameof(LanguageModel), $"The model {checkpoint} has been disposed, and its files are closed. To do: keep it open, by a using statement around all that it is asked.");

    public static ObjectDisposedException GivenBack(string type) => new(type, "Its memory has been given back. To do: keep it, by a using statement around all that it is asked.");

    public static ArgumentException WrongLength(string what, long given, long wanted, string shape, string parameter) => new(
        string.Create(CultureInfo.InvariantCulture, $"{what} has {given} values and needs {wanted}, {shape}. To do: make it of that length."), parameter);

    public static ArgumentException NothingToRun(string parameter) => new("There are no sequences. To do: give at least one.", parameter);

    public static ArgumentException NoIds(string parameter) => new("A sequence has at least one token. To do: give its ids; of an empty text a model with a beginning-of-sequence token makes one.", parameter);

    public static ArgumentException FixedSite(Site site, IEnumerable<ResidualSite> places) => new(
        $"{site} is not changed: what follows it is computed from the stream. To do: change one of {string.Join(", ", places.Select(ResidualSites.Name))}.", nameof(site));

    public static InvalidOperationException NoLogits(int block) => new(FormattableString.Invariant(
        $"Logits follow the last block, and the pass stops after block {block}. To do: leave out one of StopAfter and WithLogits."));

    public static InvalidOperationException AfterTheStop(Site site, int block) => new(FormattableString.Invariant(
        $"{site} is asked for, and the pass stops after block {block}. To do: stop later, or leave the site out."));

    public static KeyNotFoundException NotKept(Site site) => new($"{site} was not kept. To do: name it by Keep before the pass is run.");

    public static InvalidOperationException LogitsNotKept(string which) => new($"Logits {which} were not kept. To do: ask for them by WithLogits before the pass is run.");

    public static InvalidOperationException NotTaken() => new("No gradient has been taken. To do: call Take first.");
}
