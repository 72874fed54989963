using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>The nonlinearity a config names.</summary>
static class ActivationReader
{
    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">A name that is not known.</exception>
    public static Activation Read(ConfigReader config, ActivationKey key)
    {
        if (key.Name is null) return ActivationNames.All[key.Default];
        string name = config.Text([key.Name])?.Value ?? config.Default(key.Name, key.Default);
        return ActivationNames.All.TryGetValue(name, out Activation activation)
            ? activation
            : throw ArchitectureErrors.UnknownActivation(key.Name, name, config.File, ActivationNames.All.Keys);
    }
}
