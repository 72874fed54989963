using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Castalia.Tests.Fuzzing;

/// <summary>The types of the library that read a file, found in its compiled code.</summary>
static class FileReadingMethods
{
    static readonly HashSet<string> s_ways =
    [
        "File.ReadAllBytes", "File.ReadAllText", "File.ReadAllLines", "File.ReadLines", "File.Open", "File.OpenRead", "File.OpenText", "File.OpenHandle", "FileStream..ctor",
        "StreamReader..ctor", "MemoryMappedFile.CreateFromFile", "InputFile.Bytes", "InputFile.Open", "JsonFile.ReadObject", "JsonFile.ReadDocument", "MappedFile.Open",
    ];

    static readonly Dictionary<int, OperandType> s_operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value, code => code.OperandType);

    /// <summary>Names of the outermost types in which a method calls one of the ways in which files are read.</summary>
    public static SortedSet<string> Types(Assembly assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly.Location));
        var metadata = image.GetMetadataReader();
        var types = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0) continue;
            if (Calls(metadata, image.GetMethodBody(method.RelativeVirtualAddress).GetILReader()).Any(s_ways.Contains)) types.Add(Outermost(metadata, method.GetDeclaringType()));
        }
        return types;
    }

    static List<string> Calls(MetadataReader metadata, BlobReader code)
    {
        var calls = new List<string>();
        while (code.RemainingBytes > 0)
        {
            int operation = code.ReadByte();
            if (operation == 0xFE) operation = 0xFE00 | code.ReadByte();
            switch (s_operands[operation])
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.InlineMethod or OperandType.InlineTok:
                    if (Called(metadata, MetadataTokens.EntityHandle(code.ReadInt32())) is { } called) calls.Add(called);
                    break;
                case OperandType.InlineSwitch:
                    int targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
                default:
                    code.Offset += 4;
                    break;
            }
        }
        return calls;
    }

    static string? Called(MetadataReader metadata, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.MethodSpecification) handle = metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        if (handle.Kind == HandleKind.MethodDefinition)
        {
            var method = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
            return $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}.{metadata.GetString(method.Name)}";
        }
        if (handle.Kind != HandleKind.MemberReference) return null;
        var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
        return member.Parent.Kind == HandleKind.TypeReference
            ? $"{metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name)}.{metadata.GetString(member.Name)}" : null;
    }

    static string Outermost(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil) type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return metadata.GetString(type.Name);
    }
}
