using Castalia.Checkpoints;
using Castalia.Runs;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>A network that comes trained with the package.</summary>
/// <param name="Twin">Which network of the plan it is.</param>
/// <param name="Sha256">Of its model.safetensors, lower-case hexadecimal.</param>
sealed record ShippedTwin(Twin Twin, string Sha256)
{
    /// <summary>How every such name begins.</summary>
    public const string NamePrefix = "twin-";

    /// <summary>Its weights' file.</summary>
    public const string Weights = "model.safetensors";

    /// <summary>Its name, and that of its folder: "twin-wiring-parallel-seed1".</summary>
    public string Name => NameOf(Twin);

    /// <summary>The files beside its weights, by name: config.json, the tokenizer's, recipe.json.</summary>
    public IReadOnlyDictionary<string, string> Texts => new Dictionary<string, string>(FilesBeside, StringComparer.Ordinal) { ["config.json"] = JsonText.Of(Twin.Cell.Form.Config) };

    /// <summary>Its training, as a study carries it out.</summary>
    public TrainingRun Training => new()
    {
        Name = Name,
        Form = Twin.Cell.Form,
        Options = Twin.Recipe.Options with { KeepsLastOnly = true },
        Texts = new LanguageTexts(new Language(Twin.Recipe.Language), Twin.Recipe.Options.DataSeed, Twin.Recipe.Options.Tokens, Twin.Recipe.Options.Distinct),
        Recipe = Recipes.Hash(Twin, null),
        Files = FilesBeside,
    };

    /// <summary>The name that a network of a shipped plan has.</summary>
    public static string NameOf(Twin twin) => FormattableString.Invariant($"{NamePrefix}{ModelNames.ForFolder(twin.Cell.Name)}-seed{twin.Seed}");

    Dictionary<string, string> FilesBeside
    {
        get
        {
            var files = LanguageTokenizer.Files(Twin.Recipe.Language.Vocabulary);
            files["recipe.json"] = Recipes.Text(Twin, null);
            return files;
        }
    }
}
