using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Castalia.Cli.Verbs;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>What would stop dotnet publish -p:NativeCode=…, seen in a build that compiles no native code.</summary>
public sealed class NativeCommandTests
{
    /// <summary>Types that KernelPreparation finds by name to compile their methods beforehand; in native code they are compiled already, and it says so.</summary>
    static readonly string[] Suppressed = ["System.Reflection.Assembly.GetType"];

    [Fact]
    public void Nothing_is_called_that_needs_a_runtime_compiler_or_code_that_nobody_names()
    {
        var assemblies = Ours(typeof(Verb).Assembly, []);
        Assert.Contains(typeof(Castalia.Runs.Run).Assembly, assemblies);
        Assert.Equal(Suppressed, assemblies.SelectMany(NeedsRuntime).Distinct());
    }

    static HashSet<Assembly> Ours(Assembly assembly, HashSet<Assembly> found)
    {
        if (!found.Add(assembly)) return found;
        foreach (var name in assembly.GetReferencedAssemblies())
            if (name.Name!.StartsWith("Castalia", StringComparison.OrdinalIgnoreCase)) Ours(Assembly.Load(name), found);
        return found;
    }

    static IEnumerable<string> NeedsRuntime(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        int looked = 0;
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference || member.GetKind() != MemberReferenceKind.Method) continue;
            var method = assembly.ManifestModule.ResolveMethod(MetadataTokens.GetToken(handle))!;
            looked++;
            if (Needs(method) || Needs(method.DeclaringType!)) yield return $"{method.DeclaringType!.FullName}.{method.Name}";
        }
        Assert.True(looked > 100, $"{looked} methods of {assembly.GetName().Name}");
    }

    static bool Needs(MemberInfo member) => member.IsDefined(typeof(RequiresDynamicCodeAttribute), false) || member.IsDefined(typeof(RequiresUnreferencedCodeAttribute), false);
}
