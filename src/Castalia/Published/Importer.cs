using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Published.Files;

namespace Castalia.Published;

/// <summary>Makes the data set from the study's own result files.</summary>
static class Importer
{
    const string Benchmark = "thermodynamic_benchmark_20260105_141034.json";
    const string GptJ = "gptj_parallel_test_20260105_152333.json";
    const string Gpt2 = "gpt2_layernorm_validation_20260105_150306.json";
    const string Scaling = "scaling_law_multi_pythia_results.json";
    const string Clean = "clean_residual_NO_FINAL_LN_20260105_173546.json";
    const string Family = "pythia_family_NO_FINAL_LN_20260105_174820.json";
    const string Hunt = "high_rho_hunt_NO_FINAL_LN_20260105_184728.json";

    /// <summary>Names of the files it reads.</summary>
    public static IReadOnlyList<string> Files { get; } = [Benchmark, GptJ, Gpt2, Scaling, Clean, Family, Hunt];

    static readonly StudyIdentity Identity = new(
        "Thermodynamic Constraints in Transformer Architectures: A Sheaf-Theoretic Perspective",
        "Davide D'Elia", 2026, "10.5281/zenodo.18165365", "github.com/buk81/uniformity-asymmetry, paper3/Results",
        EmbeddedText.Of("published-licence.txt").TrimEnd('\n').Split('\n'));

    /// <summary>The study, from a folder with its result files.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InputException">A file or field is missing, is no number, or is of another experiment.</exception>
    public static PublishedStudy Read(string folder)
    {
        if (!Directory.Exists(folder)) throw PublishedErrors.NoFolder(folder);
        var benchmark = ResultFile.Read(folder, Benchmark, "Grand Unified Thermodynamic Benchmark");
        var gptJ = ResultFile.Read(folder, GptJ, "GPT-J-6B Parallel Architecture Test");
        var gpt2 = ResultFile.Read(folder, Gpt2, "GPT-2 LayerNorm Validation");
        var scaling = ResultFile.Read(folder, Scaling, "Pythia Scaling Law Validation");
        var clean = ResultFile.Read(folder, Clean, "Clean Residual Gain - NO FINAL LAYERNORM");
        var family = ResultFile.Read(folder, Family, "Pythia Family Residual Stream Gain Sweep - CORRECTED (No Final LN)");
        var hunt = ResultFile.Read(folder, Hunt, "High-ρ Model Hunt - NO FINAL LN (Corrected)");
        var prompts = PromptReadings.Prompts(benchmark);
        return new()
        {
            Study = Identity,
            Sources = [.. new[] { benchmark, gptJ, gpt2, scaling, clean, family, hunt }.Select(f => new StudySource(f.Name, f.Sha256))],
            Prompts = [.. prompts.Select(p => p.Prompt)],
            Models =
            [
                .. PromptReadings.Models(benchmark, prompts, PublishedFigures.Benchmark),
                .. PromptReadings.Models(gptJ, prompts, PublishedFigures.GptJ),
                .. PromptReadings.Models(gpt2, prompts, PublishedFigures.Gpt2),
            ],
            Scaling = SubmoduleGains.Read(scaling),
            HiddenStates = [HiddenStateGains.Clean(clean), HiddenStateGains.Family(family), HiddenStateGains.Hunt(hunt)],
            Verdicts =
            [
                .. gpt2.Root["hypothesis_status"].Members().Select(m => new StudyVerdict(m.Name, m.Field.Text(), gpt2.Name)),
                Verdict(gptJ, gptJ.Root["hypothesis_test"]["hypothesis"].Text(), gptJ.Root["hypothesis_test"]["result"]),
                Verdict(clean, "H25", clean.Root["h25_verdict"]),
                Verdict(family, family.Root["hypothesis"].Text(), family.Root["verdict"]),
                Verdict(hunt, "H25: " + hunt.Root["hypotheses"]["H25"].Text(), hunt.Root["h25_verdict"]),
                Verdict(hunt, "H26: " + hunt.Root["hypotheses"]["H26"].Text(), hunt.Root["h26_verdict"]),
            ],
        };
    }

    /// <summary>Writes the data set of a folder to a new file.</summary>
    /// <param name="folder">Folder with the study's result files.</param>
    /// <param name="file">File to make; nothing is left there where the folder cannot be read.</param>
    /// <exception cref="InputException">As <see cref="Read"/>; or the file exists or cannot be written.</exception>
    public static void Write(string folder, string file)
    {
        string text = StudyJson.Write(Read(folder));
        if (Path.Exists(file)) throw PublishedErrors.Exists(file);
        try
        {
            if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file)))) throw new DirectoryNotFoundException("its folder is not there.");
            using var unfinished = Unfinished.Beside(file);
            File.WriteAllText(unfinished.Path, text);
            File.Move(unfinished.Path, file, overwrite: false);
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw PublishedErrors.CannotWrite(file, e);
        }
    }

    static StudyVerdict Verdict(ResultFile file, string hypothesis, ResultField verdict) => new(hypothesis, verdict.Text(), file.Name);
}
