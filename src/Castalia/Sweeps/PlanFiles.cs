using Castalia.DoFiles;
using Castalia.Errors;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Twins;
using Castalia.YamlFiles;

namespace Castalia.Sweeps;

/// <summary>Prompts and interventions that a plan names, each read once however often it is named.</summary>
sealed class PlanFiles
{
    readonly Dictionary<string, PlannedPrompts> _prompts = new(StringComparer.Ordinal);
    readonly Dictionary<string, DoFile> _do = new(StringComparer.Ordinal);

    /// <summary>The set that is meant where none is named.</summary>
    public PlannedPrompts Standard => Of(PromptSets.Standard25);

    /// <summary>A file where there is one of that name or it has an extension, else a set that ships.</summary>
    /// <exception cref="InputException">It cannot be read; at its place in the plan.</exception>
    public PlannedPrompts Prompts(ScalarText named) => At(named, Of);

    /// <summary>A file of interventions, or one that ships.</summary>
    /// <exception cref="InputException">It cannot be read; at its place in the plan.</exception>
    public DoFile Do(ScalarText named) => At(named, name => _do.TryGetValue(name, out var known) ? known : _do[name] = DoFile.Read(name));

    /// <summary>A study's plan: a file, or one that ships.</summary>
    /// <exception cref="InputException">It cannot be read; at its place in the plan.</exception>
    public static TwinPlan Study(ScalarText named) => At(named, name => TwinPlanReader.Read(name));

    PlannedPrompts Of(string name)
    {
        if (_prompts.TryGetValue(name, out var known)) return known;
        var texts = PromptSets.Named(name);
        return _prompts[name] = new(name, texts, PromptHash.Of(texts));
    }

    static T At<T>(ScalarText named, Func<string, T> read)
    {
        try
        {
            return read(named.Value);
        }
        catch (InputException e)
        {
            throw SweepErrors.Named(named.Place, e);
        }
    }
}
